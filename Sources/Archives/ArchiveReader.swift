import CArchive
import Foundation

/// One pass through an archive with libarchive, restricted to zip and tar, tar packed at most once.
///
/// Formats and filters that are not needed are not enabled: each is more code that a hostile file can reach.
final class ArchiveReader {
  private let handle: OpaquePointer
  private let archive: String
  private let locale: ThreadLocale

  /// - Throws: `ArchiveError.damaged` if the file cannot be opened.
  init(_ url: URL) throws {
    archive = url.path
    locale = ThreadLocale()
    guard let handle = archive_read_new() else {
      throw ArchiveError.damaged(archive: url.path, reason: "libarchive gave no reader (out of memory)")
    }
    self.handle = handle
    archive_read_support_format_tar(handle)
    archive_read_support_format_zip_seekable(handle)
    archive_read_support_filter_gzip(handle)
    archive_read_support_filter_bzip2(handle)
    archive_read_support_filter_xz(handle)
    guard archive_read_open_filename(handle, url.path, 1 << 16) == ARCHIVE_OK else {
      throw ArchiveError.damaged(archive: archive, reason: lastError)
    }
  }

  deinit { archive_read_free(handle) }

  /// The next entry, or nil at the archive's end.
  func next() throws -> ArchiveEntry? {
    var raw: OpaquePointer?
    let status = archive_read_next_header(handle, &raw)
    if status == ARCHIVE_EOF { return nil }
    // A warning concerns attributes that are not used here, such as owners.
    guard status == ARCHIVE_OK || status == ARCHIVE_WARN, let raw else {
      throw ArchiveError.damaged(archive: archive, reason: lastError)
    }
    // The filter count includes the plain file below the others.
    guard archive_filter_count(handle) <= 2 else {
      throw ArchiveError.damaged(archive: archive, reason: "it is packed several times over")
    }
    let path = try Self.path(of: raw, archive: archive)
    guard archive_entry_is_encrypted(raw) == 0 else { throw ArchiveError.encrypted(archive: archive, entry: path) }
    let kind = Self.kind(of: raw)
    let size = kind == .file ? archive_entry_size(raw) : 0
    guard size >= 0 else {
      throw ArchiveError.forged(archive: archive, entry: path, reason: "it declares a negative size")
    }
    return ArchiveEntry(path: path, size: size, kind: kind)
  }

  /// Fills `buffer` with the current entry's next bytes, holes of sparse files as zeros.
  ///
  /// - Returns: the count of bytes; 0 at the entry's end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    while true {
      let count = archive_read_data(handle, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      guard count == Int(ARCHIVE_RETRY) else { throw ArchiveError.damaged(archive: archive, reason: lastError) }
    }
  }

  private var lastError: String {
    archive_error_string(handle).map { String(cString: $0) } ?? "no reason given"
  }

  private static func path(of raw: OpaquePointer, archive: String) throws -> String {
    guard let bytes = archive_entry_pathname(raw) else {
      throw ArchiveError.unsafePath(archive: archive, entry: "", reason: "is missing or cannot be read")
    }
    guard let path = String(validatingCString: bytes) else {
      throw ArchiveError.unsafePath(
        archive: archive, entry: String(cString: bytes), reason: "is not UTF-8 text")
    }
    return path
  }

  private static func kind(of raw: OpaquePointer) -> ArchiveEntry.Kind {
    if archive_entry_hardlink(raw) != nil || archive_entry_symlink(raw) != nil { return .link }
    // The values of POSIX's S_IFMT, S_IFREG, S_IFDIR, S_IFLNK, which libarchive uses on every system.
    switch archive_entry_filetype(raw) & 0o170000 {
    case 0o100000: return .file
    case 0o040000: return .folder
    case 0o120000: return .link
    default: return .special
    }
  }
}

/// libarchive converts names to the thread's locale, which is plain ASCII in a process that never chose one:
/// for the life of this object the thread's is UTF-8, so that names come through unchanged.
private final class ThreadLocale {
  private let utf8: locale_t?
  private let previous: locale_t?

  init() {
    utf8 = newlocale(Int32(LC_CTYPE_MASK), "C.UTF-8", nil)
    previous = utf8.flatMap { uselocale($0) }
  }

  deinit {
    guard let utf8 else { return }
    uselocale(previous)
    freelocale(utf8)
  }
}
