import Logging
import NIOCore
import Synchronization

/// One log line a second for all that was refused at the door: a flood must not fill the disk.
final class RefusalLog: Sendable {
  private let logger: Logger
  private let count = Mutex(0)

  init(_ logger: Logger) { self.logger = logger }

  func add(on eventLoop: any EventLoop) {
    let isFirst = count.withLock { count in
      count += 1
      return count == 1
    }
    guard isFirst else { return }
    eventLoop.scheduleTask(in: .seconds(1)) { [self] in
      let refused = count.withLock { count in
        defer { count = 0 }
        return count
      }
      let routes = BusyRefusal.routes.joined(separator: ", ")
      logger.info(
        "refused at the door", metadata: ["requests": "\(refused)", "route": "\(routes)", "status": "503"])
    }
  }
}
