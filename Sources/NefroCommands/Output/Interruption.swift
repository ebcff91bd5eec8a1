import Dispatch
import Foundation

/// Says a last word when the person stops the program with Ctrl-C; it then ends by that signal, as without this.
final class Interruption {
  private let source: any DispatchSourceSignal

  init(_ text: String, _ progress: ProgressLine) {
    // The source hears of the signal only where its own doing is out of the way.
    signal(SIGINT, SIG_IGN)
    source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
    source.setEventHandler {
      progress.note(text)
      signal(SIGINT, SIG_DFL)
      kill(getpid(), SIGINT)
    }
    source.activate()
  }

  /// Ctrl-C ends the program without a word again.
  func end() {
    source.cancel()
    signal(SIGINT, SIG_DFL)
  }
}
