import CHDF5
import Foundation
import Synchronization

/// The HDF5 library, opened when a weight file is read and not before.
enum HDF5Library {
  /// By the names Debian and Ubuntu give it (serial build), then those of other systems.
  static let names = [
    "libhdf5_serial.so.103", "libhdf5_serial.so.310", "libhdf5_serial.so.320", "libhdf5_serial.so.200",
    "libhdf5.so.103", "libhdf5.so.310", "libhdf5.so.320", "libhdf5.so.200", "libhdf5_serial.so", "libhdf5.so",
  ]

  private static let turn = Mutex(())

  /// Runs `body` while no other thread uses HDF5, which need not be built for several threads.
  ///
  /// - Throws: `BackboneError.noHDF5` if the library is not installed or too old, and what `body` throws.
  static func use<Result>(_ body: () throws -> sending Result) throws -> Result {
    try turn.withLock { _ in
      switch loaded {
      case CHDF5_READY: try body()
      case CHDF5_NO_LIBRARY: throw BackboneError.noHDF5(reason: "it is not installed")
      default: throw BackboneError.noHDF5(reason: "the one that is installed is older than 1.10 or incomplete")
      }
    }
  }

  private static let loaded: chdf5_status = {
    // The strings live until the call ends; the library keeps none of them.
    let copies = names.map { strdup($0) }
    defer { copies.forEach { free($0) } }
    return (copies.map { UnsafePointer($0) } + [nil]).withUnsafeBufferPointer { chdf5_load($0.baseAddress) }
  }()
}
