/// Sentences that stand in records and answers in English, with what other languages say: for programs that show records
/// as they are, such as a page's script.
package enum RecordedSentences {
  /// Templates with `%1` and so on. Values of a sentence may be sentences themselves.
  package static let phrases: [Phrase] =
    AnswerText.allCases.map(\.phrase) + GateText.allCases.map(\.phrase) + RecordText.allCases.map(\.phrase)
    // One series is written as several are in English.
    + MethodText.allCases.map(\.phrase) + [CountText.picture, .pictures, .series].map(\.phrase)
}
