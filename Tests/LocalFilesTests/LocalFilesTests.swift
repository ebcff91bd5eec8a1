import Foundation
import LocalFiles
import Synchronization
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

  @Test func `content can tell its own name, or that it is not wanted`() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write(in: folder) { file in
        try file.append(Data("kept".utf8))
        return folder.appending(path: "a/name")
      }
      try AtomicFile.write(in: folder) { file in
        try file.append(Data("not wanted".utf8))
        return nil
      }
      #expect(try String(contentsOf: folder.appending(path: "a/name"), encoding: .utf8) == "kept")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a"])
    }
  }

  @Test func `what a killed writer left is removed, what a living one writes is not`() throws {
    try withTemporaryFolder { folder in
      let names = [".12.3456.part", ".12.part", "12.3456.part", "kept"]
      for name in names { try Data("half".utf8).write(to: folder.appending(path: name)) }
      try AtomicFile.write(to: folder.appending(path: "new")) { file in
        try file.append(Data("whole".utf8))
        AtomicFile.removeRemains(in: folder)
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(Set(left) == [".12.part", "12.3456.part", "kept", file.url.lastPathComponent])
      }
      #expect(try String(contentsOf: folder.appending(path: "new"), encoding: .utf8) == "whole")
      AtomicFile.removeRemains(in: folder.appending(path: "nowhere"))
    }
  }

  @Test func `folders are made with those above them, by many at once, and what is in the way is named`() async throws {
    try await withTemporaryFolder { folder in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<40 { group.addTask { try AtomicFile.createFolder(folder.appending(path: "a/b/c/\(number % 4)")) } }
        try await group.waitForAll()
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "a/b/c").path).count == 4)
      try AtomicFile.write("x", to: folder.appending(path: "plain"))
      for path in ["plain", "plain/below/it"] {
        let error = #expect(throws: LocalFileError.self) { try AtomicFile.createFolder(folder.appending(path: path)) }
        #expect(error?.description.contains("/\(path)': Not a directory") == true, "\(String(describing: error))")
      }
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

  @Test func `one who is patient gets a lock once it is free`() async throws {
    try await withTemporaryFolder { folder in
      let first = try FolderLock(folder)
      async let second = FolderLock.waiting(folder, patience: 60)
      try await Task.sleep(for: .milliseconds(50))
      first.release()
      let lock = try await second
      #expect(throws: LocalFileError.self) { try FolderLock.waiting(folder, patience: 0.02) }
      lock.release()
    }
  }
}

@Suite struct FolderLockRemovalTests {
  private final class Holders: Sendable {
    struct Counts {
      var now = 0
      var most = 0
      var times = 0
    }
    let counts = Mutex(Counts())

    func enter() {
      counts.withLock {
        $0.now += 1
        $0.most = max($0.most, $0.now)
        $0.times += 1
      }
    }

    func leave() { counts.withLock { $0.now -= 1 } }
  }

  @Test func `a lock that is removed leaves nothing, and never lets two in at once`() async throws {
    try await withTemporaryFolder { folder in
      let place = folder.appending(path: "lock")
      let holders = Holders()
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<4 {
          group.addTask {
            for _ in 0..<200 {
              guard let lock = try? FolderLock(place) else { continue }
              holders.enter()
              holders.leave()
              lock.remove()
            }
          }
        }
      }
      let counts = holders.counts.withLock { $0 }
      #expect(counts.most == 1 && counts.times > 10)
      #expect(!FileManager.default.fileExists(atPath: place.path))
    }
  }

  @Test func `who waits gets the lock when it is removed, or is told who has it`() throws {
    try withTemporaryFolder { folder in
      let lock = try FolderLock(folder)
      #expect(throws: LocalFileError.self) { try FolderLock.waiting(folder, patience: 0.05) }
      DispatchQueue.global().asyncAfter(deadline: .now() + 0.05) { lock.remove() }
      _ = try FolderLock.waiting(folder, patience: 10)
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
