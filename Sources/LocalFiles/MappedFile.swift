import Foundation

/// A file mapped into memory, read only: pages are read when touched, and shared between processes.
public final class MappedFile: @unchecked Sendable {
  public let url: URL
  /// The file's bytes; valid as long as this object.
  public let bytes: UnsafeRawBufferPointer

  /// - Throws: `LocalFileError.cannotRead` if the file cannot be opened or mapped, or is no regular file.
  public init(_ url: URL) throws {
    let descriptor = open(url.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw LocalFileError.cannotRead(path: url.path, reason: String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw LocalFileError.cannotRead(path: url.path, reason: "it is not a regular file")
    }
    self.url = url
    let count = Int(status.st_size)
    guard count > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
      throw LocalFileError.cannotRead(path: url.path, reason: String(cString: strerror(errno)))
    }
    bytes = UnsafeRawBufferPointer(start: start, count: count)
  }

  /// Tells the system that a range is not needed for now, so that its pages stop counting as memory in use.
  /// They are read again when touched.
  public func drop(_ range: Range<Int>) {
    guard let start = bytes.baseAddress, !range.isEmpty else { return }
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let first = (range.lowerBound + page - 1) / page * page
    let last = range.upperBound / page * page
    guard first < last else { return }
    madvise(UnsafeMutableRawPointer(mutating: start + first), last - first, MADV_DONTNEED)
  }

  deinit {
    if let start = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: start), bytes.count) }
  }
}
