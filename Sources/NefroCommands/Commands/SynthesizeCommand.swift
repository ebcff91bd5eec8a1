import ArgumentParser
import Foundation
import KidneyData

struct SynthesizeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "synthesize",
    abstract: "Draw a synthetic hospital: CT slices of patients who never lived.",
    discussion: "The same options and seed give the same bytes. Patients are in the manifest.")

  @Option(name: .long, help: ArgumentHelp("The folder to make.", valueName: "folder"), completion: .directory)
  var out: String

  @Option(name: .long, help: ArgumentHelp("Number of patients.", valueName: "n"))
  var patients = 40

  @Option(name: .long, help: ArgumentHelp("The seed of everything drawn.", valueName: "seed"))
  var seed: UInt64 = 1

  @Option(name: .long, help: ArgumentHelp("Classes, separated by commas: Normal, Tumor, Cyst, Stone.", valueName: "A,B"))
  var classes = "Normal,Tumor"

  @Option(name: .long, help: ArgumentHelp("Fewest and most slices of a patient.", valueName: "a-b"))
  var slices = "8-14"

  @Option(name: .long, help: ArgumentHelp("Side of the pictures, in pixels.", valueName: "n"))
  var size = 512

  @Option(name: .long, help: ArgumentHelp("Share of patients of a second site with its own scanner, 0 to 1.", valueName: "share"))
  var secondSite = 0.0

  @Option(name: .long, help: ArgumentHelp("Share of pictures with burned-in marks, 0 to 1.", valueName: "share"))
  var marked = 0.0

  @Option(name: .long, help: ArgumentHelp("Exact copies to plant.", valueName: "n"))
  var exactCopies = 0

  @Option(name: .long, help: ArgumentHelp("Copies to plant that are encoded again.", valueName: "n"))
  var reencodedCopies = 0

  @Option(name: .long, help: ArgumentHelp("Copies to plant that are resized, cropped, flipped or brightened.", valueName: "n"))
  var alteredCopies = 0

  @Option(name: .long, help: ArgumentHelp("Copies to plant under another class.", valueName: "n"))
  var conflictingCopies = 0

  @Flag(name: .long, help: "Replace another data set that is there.")
  var replace = false

  func validate() throws { _ = try options() }

  mutating func run() async throws {
    let options = try options()
    let folder = URL(filePath: out, directoryHint: .isDirectory)
    let progress = ProgressLine()
    let manifest = try SyntheticHospital.generate(to: folder, options: options, replace: replace) { done, total in
      progress.show("Drawing", done: done, total: total, unit: "images")
    }
    progress.note("\(manifest.pictures.count) pictures of \(patients) patients: \(out)")
  }

  private func options() throws -> SyntheticHospitalOptions {
    let findings = try classes.split(separator: ",").map { name -> SyntheticFinding in
      let wanted = name.trimmingCharacters(in: .whitespaces).lowercased()
      guard let finding = SyntheticFinding.allCases.first(where: { $0.rawValue.lowercased() == wanted }) else {
        throw ValidationError("--classes \(classes): '\(name)' is not one of Normal, Tumor, Cyst, Stone.")
      }
      return finding
    }
    let bounds = slices.split(separator: "-").map { Int($0) }
    guard bounds.count == 2, let low = bounds[0], let high = bounds[1], low >= 1, low <= high else {
      throw ValidationError("--slices \(slices): write it as fewest-most, such as 8-14.")
    }
    let options = SyntheticHospitalOptions(
      patients: patients, seed: seed, classes: findings, slicesPerPatient: low...high, pictureSize: size,
      secondSiteFraction: secondSite, exactCopies: exactCopies, reencodedCopies: reencodedCopies,
      alteredCopies: alteredCopies, conflictingCopies: conflictingCopies, markedFraction: marked)
    do {
      try options.validate()
    } catch {
      throw ValidationError("\(error)")
    }
    return options
  }
}
