import Foundation
import KidneyData
import MedicalImages
import Reports
import TestSupport
import Testing
import Training

@Suite struct AuditTextTests {
  private static let all: [(name: String, phrase: Phrase)] =
    AuditText.allCases.map { ("\($0)", $0.phrase) } + ShortcutText.allCases.map { ("\($0)", $0.phrase) }
    + PropertyText.allCases.map { ("\($0)", $0.phrase) } + TraitText.allCases.map { ("\($0)", $0.phrase) }
    + SetAsideText.allCases.map { ("\($0)", $0.phrase) }

  @Test func `every text is there in both languages and asks for the same values`() {
    for (name, phrase) in Self.all {
      #expect(!phrase.english.isEmpty && !phrase.spanish.isEmpty, "\(name)")
      #expect(Phrase.valueCount(of: phrase.english) == Phrase.valueCount(of: phrase.spanish), "\(name)")
    }
    let alike = Self.all.filter { $0.phrase.english == $0.phrase.spanish }.map(\.name)
    #expect(Set(alike).isSubset(of: ["facts", "series"]), "\(alike)")
  }

  @Test func `every trait of a picture's format has its name in both languages`() {
    #expect(TraitText.allCases.map { $0.phrase.english } == FormatTraits.names)
  }

  /// Every template reads what it writes, and none swallows the text of another.
  @Test func `reasons for setting a file aside are told apart`() {
    for entry in SetAsideText.allCases {
      var (english, spanish) = (entry.phrase.english, entry.phrase.spanish)
      for number in 1...9 {
        english = english.replacing("%\(number)", with: "\(number)7")
        spanish = spanish.replacing("%\(number)", with: "\(number)7")
      }
      #expect(SetAsideText.translated(english, .spanish) == spanish, "\(entry)")
      #expect(SetAsideText.translated(english, .english) == english)
    }
  }

  @Test(arguments: [
    MedicalImageError.unreadable(name: "a", reason: "it is a folder"),
    .unreadable(name: "a", reason: "it is not a regular file"), .fileTooLarge(name: "a", bytes: 9, limit: 8),
    .notAPicture(name: "a", content: "a DICOM object"), .tooManyPixels(name: "a", width: 9, height: 9, limit: 8),
    .tooManyScans(name: "a", limit: 100), .truncated(name: "a"),
    .damaged(name: "a", reason: "its headers disagree on its size"),
    .unsupported(
      name: "a", mode: "I;16",
      reason: "16 bits a sample where 8 are expected. Apply the CT window and save it with 8 bits first"),
  ]) func `what is wrong with a picture is told in Spanish`(error: MedicalImageError) {
    let spanish = SetAsideText.translated(error.description, .spanish)
    #expect(spanish != error.description && EnglishWords.found(in: spanish).isEmpty, "\(spanish)")
    #expect(spanish.contains("«a»"))
  }

  @Test func `a reason that is not known stays, and a file's name is not translated`() {
    #expect(SetAsideText.translated("It is green.", .spanish) == "It is green.")
    let error = MedicalImageError.notAPicture(name: "plain text", content: "plain text")
    #expect(SetAsideText.translated(error.description, .spanish).hasPrefix("«plain text» no es"))
  }

  @Test func `no English is left on a Spanish audit`() throws {
    #expect(EnglishWords.found(in: "<p>Los cortes the same <code>of</code></p>") == ["\nlos cortes the same \n"])
    try withTemporaryFolder { folder in
      let root = folder.appending(path: "h")
      let manifest = try SyntheticHospital.generate(
        to: root,
        options: SyntheticHospitalOptions(
          patients: 24, seed: 6, slicesPerPatient: 2...3, pictureSize: 96, secondSiteFraction: 0.5, exactCopies: 2,
          alteredCopies: 4, conflictingCopies: 2))
      try FileManager.default.removeItem(at: root.appending(path: DataManifest.fileName))
      let record = manifest.pictures[0]
      let whole = try Data(contentsOf: root.appending(path: record.path))
      for (name, content) in [
        ("cut.jpg", whole.prefix(whole.count / 2)), ("text.jpg", Data("no picture".utf8)), ("empty.png", Data()),
        ("slice.dcm", Data("DICM".utf8)), ("page.png", Data("<html>".utf8)),
      ] { try content.write(to: root.appending(path: "\(record.className)/\(name)")) }
      let auditor = DataAuditor(usesFeatures: false, version: "test")
      let outcome = try auditor.audit([root]) { _ in }
      #expect(outcome.report.setAside.count == 5 && !outcome.report.shortcut.traits.isEmpty)
      try auditor.write(outcome, to: folder.appending(path: "out"), language: .spanish)
      let page = try String(contentsOf: folder.appending(path: "out/audit.html"), encoding: .utf8)
      for text in [page, outcome.report.summary(in: .spanish)] {
        let found = EnglishWords.found(in: text)
        #expect(found.isEmpty, "\(found.prefix(6))")
      }
    }
  }
}
