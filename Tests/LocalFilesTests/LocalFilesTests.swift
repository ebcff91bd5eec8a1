import Foundation
import LocalFiles
import TestSupport
import Testing

@Suite struct AtomicFileTests {
  @Test func `a write creates its folders, replaces the file and leaves nothing else behind`() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "a/b/c.txt")
      try AtomicFile.write("one", to: file)
      try AtomicFile.write("two", to: file)
      #expect(try String(contentsOf: file, encoding: .utf8) == "two")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "a/b").path) == ["c.txt"])
    }
  }

  @Test func `a write that fails midway leaves the old content and no part file`() throws {
    struct Stop: Error {}
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "c.txt")
      try AtomicFile.write("old", to: file)
      #expect(throws: Stop.self) {
        try AtomicFile.write(to: file) { growing in
          try growing.append(Data("new".utf8))
          throw Stop()
        }
      }
      #expect(try String(contentsOf: file, encoding: .utf8) == "old")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["c.txt"])
    }
  }

  @Test func `a full disk is named as such`() {
    // The kernel's /dev/full answers every write with "no space left".
    #expect(LocalFileError.writing("/x", code: ENOSPC) == .diskFull(path: "/x"))
    #expect(LocalFileError.diskFull(path: "/x").description.contains("No space left"))
  }

  @Test func `a file where a folder is needed gives an error with its path`() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "plain")
      try AtomicFile.write("x", to: file)
      let error = #expect(throws: LocalFileError.self) {
        try AtomicFile.write("y", to: file.appending(path: "below.txt"))
      }
      #expect(error?.description.contains(file.path) == true)
    }
  }
}

@Suite struct FolderLockTests {
  @Test func `a second lock is refused until the first is gone`() throws {
    try withTemporaryFolder { folder in
      var first: FolderLock? = try FolderLock(folder)
      let error = #expect(throws: LocalFileError.self) { try FolderLock(folder) }
      #expect(error?.description.contains("process \(ProcessInfo.processInfo.processIdentifier)") == true)
      withExtendedLifetime(first) {}
      first = nil
      _ = try FolderLock(folder)
    }
  }
}

@Suite struct UserFoldersTests {
  @Test func `XDG variables are used when absolute and ignored when relative`() {
    let absolute = UserFolders(environment: ["HOME": "/h", "XDG_CACHE_HOME": "/c", "XDG_DATA_HOME": "/d"])
    #expect(absolute.cache.path == "/c/nefro")
    #expect(absolute.data.path == "/d/nefro")
    let relative = UserFolders(environment: ["HOME": "/h", "XDG_CACHE_HOME": "c"])
    #expect(relative.cache.path == "/h/.cache/nefro")
    #expect(relative.data.path == "/h/.local/share/nefro")
  }
}

@Suite struct MappedFileTests {
  @Test func `a mapped file shows its bytes, also after a range was dropped`() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "bytes")
      let content = Data((0..<20_000).map { UInt8(truncatingIfNeeded: $0) })
      try AtomicFile.write(content, to: file)
      let mapped = try MappedFile(file)
      #expect(Data(mapped.bytes) == content)
      mapped.drop(0..<20_000)
      #expect(Data(mapped.bytes) == content)
    }
  }

  @Test func `a missing file, a folder and an empty file are told apart`() throws {
    try withTemporaryFolder { folder in
      #expect(throws: LocalFileError.self) { try MappedFile(folder.appending(path: "none")) }
      #expect(throws: LocalFileError.self) { try MappedFile(folder) }
      let empty = folder.appending(path: "empty")
      try AtomicFile.write("", to: empty)
      #expect(try MappedFile(empty).bytes.isEmpty)
    }
  }
}
