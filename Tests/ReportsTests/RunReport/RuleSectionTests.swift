import Evaluation
import Foundation
import Reports
import Testing

@Suite struct RuleSectionTests {
  private func texts(_ run: RunReport, _ language: Language) throws -> [String] {
    [try HTMLPage(run.document(in: language).html).text, try run.modelCard(in: language).markdown]
  }

  @Test func `thresholds, calibration, abstention and gate stand with their numbers and how they were chosen`() throws {
    for text in try texts(RunFixture().run(), .english) {
      for part in [
        "Logits are divided by 1.734", "log loss 0.71 (0.6 to 0.83) before", "Tumor is named from a probability of 0.237 on",
        "Chosen for: sensitivity at least 0.95", "57 pictures of 11 series", "Below a confidence of 0.864",
        "at most 0.05 of the answers wrong", "share of 0.613 was answered and 0.047", "a distance above 417.250",
        "more than 6.125 grey levels", "0.5 % of slices of unseen series", "a share of 0.008 was refused",
        "fitted on 12 series",
      ] { #expect(text.contains(part), "\(part)") }
    }
  }

  @Test func `what rules do on the scored pictures stands with intervals`() throws {
    let page = try texts(RunFixture().run(), .english)[0]
    for part in ["0.810 to 0.970", "0.520 to 0.760", "0.010 to 0.160", "0.004 to 0.050"] {
      #expect(page.contains(part), "\(part)")
    }
    #expect(page.contains("undefined: no picture is called so"))
  }

  @Test func `a rule that refers every picture says so, and why`() throws {
    var run = try RunFixture().run()
    run.rules.abstention = .init(
      leastConfidence: nil, rule: "at most 0.05 of the answers wrong, which no confidence reaches", coverage: 0,
      risk: nil, basis: .init(pictures: 57, series: 11))
    for text in try texts(run, .english) {
      for part in ["Every picture is referred", "which no confidence reaches. Chosen on 57 pictures of 11 series"] {
        #expect(text.contains(part), "\(part)")
      }
      #expect(!text.contains("Every picture is answered") && !text.contains("Below a confidence of"))
    }
  }

  @Test func `a model without rules says so, and scores without their figures too`() throws {
    var run = try RunFixture().run()
    run.rules = RuleFacts(
      calibrationNote: "no calibration: none was asked for", notes: ["no abstention: none was asked for"])
    for text in try texts(run, .english) {
      for part in [
        "No calibration: none was asked for.", "The most probable class is named.",
        "Every picture is answered. No abstention: none was asked for.", "It has no gate", "measures it",
      ] { #expect(text.contains(part), "\(part)") }
    }
    run.rules.calibration = .platt(className: "Tumor", intercept: -0.4129, slope: 1.2571)
    #expect(try texts(run, .english)[0].contains("Log odds of Tumor become -0.413 + 1.257 times the model's."))
  }

  @Test(arguments: [
    (
      "no calibration: 3 series (of the class with the fewest; at least 5 of each are needed)",
      "sin calibración: series de la clase que menos tiene: 3; hacen falta al menos 5 de cada una"
    ),
    (
      "fold 2: every picture is referred (at most 0.05 of the answers wrong, which no confidence reaches)",
      "partición 2: se deriva toda imagen (a lo sumo 0.05 de las respuestas erróneas, lo que ninguna confianza alcanza)"
    ),
    (
      "class 'a %1 b' has 1 series, and keeping series together takes two at least",
      "series de la clase «a %1 b»: 1; para mantener las series juntas hacen falta al menos dos"
    ),
    ("mean over 10 shuffles, Student's t", "media de 10 sorteos, t de Student"),
    ("no interval: 4 series", "sin intervalo: 4 series"), ("something new", "something new"), ("", ""),
  ]) func `what records say is told in Spanish, with the values in it`(english: String, spanish: String) {
    #expect(RecordText.translated(english, .spanish) == spanish)
    #expect(RecordText.translated(english, .english) == english)
  }

  @Test func `a text gives back the values it was made with, or none if it was made otherwise`() {
    let phrase = Phrase("of %1 and %2.", "de %2 y %1.")
    #expect(phrase.values(in: "of a and b.") == ["a", "b"])
    #expect(phrase.values(in: "of a and b. and c.") == ["a", "b. and c"])
    for other in ["of a and b", "xof a and b.", "of a.", ""] { #expect(phrase.values(in: other) == nil, "\(other)") }
    #expect(Phrase("%1 of %2", "").values(in: "3 of 4") == ["3", "4"])
    #expect(Phrase("none", "nada").values(in: "none") == [] && Phrase("none", "nada").values(in: "none!") == nil)
  }

  /// Every template reads what it writes, with values that other templates could swallow.
  @Test func `templates of records are told apart`() {
    for entry in RecordText.allCases {
      let english = entry.phrase.english
      var text = english
      var spanish = entry.phrase.spanish
      for number in 1...9 {
        text = text.replacing("%\(number)", with: "\(number)7")
        spanish = spanish.replacing("%\(number)", with: "\(number)7")
      }
      #expect(RecordText.translated(text, .spanish) == spanish, "\(entry)")
    }
  }
}
