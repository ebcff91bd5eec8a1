/// Why a run failed, fit to be kept and sent to a server: a picture's path may hold a patient's name.
enum FailureText {
  /// The text with quoted paths of pictures taken out; where one stands without quotes, where it begins cannot be told,
  /// and nothing of the text is kept.
  static func kept(_ text: String) -> String {
    let endings = #/\.(?:jpe?g|png|dcm|tiff?|bmp)/#.ignoresCase()
    let quoted = text.replacing(#/'[^']*'|"[^"]*"|`[^`]*`/#) { match in
      match.output.contains(endings) ? "[a picture]" : String(match.output)
    }
    guard !quoted.contains(endings) else { return "An error that named a picture; its text was shown, and is not kept." }
    return quoted
  }
}
