import Foundation

/// Ends this process when its standard input ends, which the system closes when the process at its other end is gone.
enum InputWatch {
  /// Reads on a thread of its own and forgets what comes.
  static func start() {
    let thread = Thread {
      var buffer = [UInt8](repeating: 0, count: 512)
      while true {
        let count = read(STDIN_FILENO, &buffer, buffer.count)
        if count > 0 || (count < 0 && errno == EINTR) { continue }
        // The way on which a training is told to end: what its last checkpoint holds stays.
        kill(getpid(), SIGTERM)
        return
      }
    }
    thread.stackSize = 64 << 10
    thread.start()
  }
}
