import Foundation
import TestSupport
import Testing

@Suite(.serialized) struct BadInputTests {
  private func golden(_ name: String) -> URL { packageRoot.appending(path: "Tests/MedicalImagesTests/Golden/\(name)") }

  /// Runs Python, which set-up needs anyway, to make a hostile archive.
  private func python(_ script: String, in folder: URL) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script]
    process.currentDirectoryURL = folder
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
  }

  /// A refused ingestion ends with 1, says why, and leaves nothing of it.
  private func refuse(_ source: String, _ message: String, more: String..., in project: SmallProject) throws {
    let outcome = try project.program.run(["ingest", "--source", source] + more)
    #expect(outcome.code == 1, "\(source)")
    #expect(outcome.error.contains(message), "\(source): \(outcome.error)")
    #expect(!FileManager.default.fileExists(atPath: project.url("artifacts/data_ingestion/kidney-ct-scan-image").path))
  }

  @Test func `sources that hold no data set are refused with what to do`() throws {
    try withTemporaryFolder { folder in
      let project = try SmallProject(in: folder)
      let files = FileManager.default
      try refuse("nowhere", "There is no 'nowhere'", in: project)
      func fill(_ path: String, with names: [String] = ["grey.jpg"]) throws {
        try files.createDirectory(at: project.url(path), withIntermediateDirectories: true)
        for name in names { try files.copyItem(at: golden(name), to: project.url("\(path)/\(name)")) }
      }
      try files.createDirectory(at: project.url("empty"), withIntermediateDirectories: true)
      try refuse("empty", "empty", in: project)
      try fill("one/Normal")
      try refuse("one", "Only one class, 'Normal'", in: project)
      try fill("broken/Normal")
      try fill("broken/Tumor", with: ["cmyk.jpg"])
      try refuse("broken", "Class 'Tumor'", in: project)
    }
  }

  @Test func `pictures that cannot be used are set aside with the reason, the others are ingested`() throws {
    try withTemporaryFolder { folder in
      let project = try SmallProject(in: folder)
      try project.synthesize()
      let normal = project.url("hospital/Normal")
      try FileManager.default.removeItem(at: project.url("hospital/nefro-manifest.json"))
      for name in ["cmyk.jpg", "grey-16-bit.png"] {
        try FileManager.default.copyItem(at: golden(name), to: normal.appending(path: name))
      }
      try Data(contentsOf: normal.appending(path: "Normal- (1).jpg")).prefix(900).write(to: normal.appending(path: "cut.jpg"))
      try "plain text".write(to: normal.appending(path: "text.jpg"), atomically: true, encoding: .utf8)
      // A PNG header that promises 60,000 x 60,000 pixels: 10 GB that must never be allocated.
      try python(
        """
        import struct, zlib
        head = struct.pack('>IIBBBBB', 60000, 60000, 8, 2, 0, 0, 0)
        chunk = lambda kind, body: struct.pack('>I', len(body)) + kind + body + struct.pack('>I', zlib.crc32(kind + body))
        open('hospital/Normal/huge.png', 'wb').write(b'\\x89PNG\\r\\n\\x1a\\n' + chunk(b'IHDR', head) + chunk(b'IDAT', zlib.compress(b'0' * 100)) + chunk(b'IEND', b''))
        """, in: project.folder)
      let outcome = try project.program.run("ingest", "--source", "hospital", expecting: 0)
      for (name, reason) in [
        ("cmyk.jpg", "CMYK"), ("grey-16-bit.png", "16"), ("cut.jpg", "cut short"), ("text.jpg", "neither"), ("huge.png", "60000"),
      ] {
        let line = outcome.error.split(separator: "\n").first { $0.contains("Set aside") && $0.contains(name) }
        #expect(line?.contains(reason) == true, "\(name): \(line ?? "not set aside")")
      }
    }
  }

  @Test func `hostile archives are refused and nothing of them remains`() throws {
    try withTemporaryFolder { folder in
      let project = try SmallProject(in: folder)
      try project.synthesize()
      try python(
        """
        import zipfile, glob, os
        pictures = sorted(glob.glob('hospital/*/*.jpg'))
        def archive(name, extra):
            with zipfile.ZipFile(name, 'w', zipfile.ZIP_DEFLATED) as z:
                for p in pictures: z.write(p)
                extra(z)
        archive('good.zip', lambda z: None)
        archive('climb.zip', lambda z: z.writestr('../../climbed.txt', 'x'))
        archive('absolute.zip', lambda z: z.writestr('/tmp/nefro-absolute.txt', 'x'))
        archive('bomb.zip', lambda z: z.writestr('hospital/Normal/bomb.jpg', b'0' * 300_000_000))
        def link(z):
            entry = zipfile.ZipInfo('hospital/Normal/link.jpg'); entry.external_attr = 0o120777 << 16
            z.writestr(entry, '/etc/passwd')
        archive('link.zip', link)
        open('cut.zip', 'wb').write(open('good.zip', 'rb').read()[:5000])
        """, in: project.folder)
      try refuse("climb.zip", "..", in: project)
      try refuse("absolute.zip", "absolute", in: project)
      try refuse("bomb.zip", "bomb", in: project)
      try refuse("link.zip", "link", in: project)
      try refuse("cut.zip", "cut.zip", in: project)
      let zeros = String(repeating: "0", count: 64)
      try refuse("good.zip", "000000", more: "--sha256", zeros, in: project)
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "climbed.txt").path))
      try project.program.run("ingest", "--source", "good.zip", expecting: 0)
      #expect(FileManager.default.fileExists(atPath: project.url("artifacts/data_ingestion/kidney-ct-scan-image").path))
    }
  }

  @Test func `weights that cannot be read or belong to another network are refused and nothing is stored`() throws {
    try withTemporaryFolder { folder in
      let program = NefroProgram(folder: folder, environment: ["XDG_CACHE_HOME": folder.appending(path: "cache").path])
      try Data("not weights".utf8).write(to: folder.appending(path: "bad.h5"))
      for (file, word) in [
        (folder.appending(path: "bad.h5").path, "bad.h5"), (folder.appending(path: "missing.h5").path, "missing.h5"),
        (packageRoot.appending(path: "Tests/BackbonesTests/Golden/keras2-notop.h5").path, "shape"),
      ] {
        let outcome = try program.run("weights", "fetch", "vgg16", "--from", file)
        #expect(outcome.code == 1)
        #expect(outcome.error.contains(word), "\(outcome.error)")
      }
      let unknown = try program.run("weights", "fetch", "resnet50")
      #expect(unknown.code == 1)
      #expect(unknown.error.contains("vgg16"))
      #expect(try program.run("weights", "list", expecting: 0).output.isEmpty)
    }
  }

  @Test func `a second run in the same artifacts folder is refused while the first goes on`() throws {
    try withTemporaryFolder { folder in
      let project = try SmallProject(in: folder)
      try project.synthesize()
      try project.program.run("ingest", "--source", "hospital", expecting: 0)
      try project.program.run("prepare", expecting: 0)
      let first = try project.program.start(["train", "--set", "EPOCHS=4000", "--set", "AUGMENTATION=false"])
      defer {
        kill(first.process.processIdentifier, SIGKILL)
        first.process.waitUntilExit()
      }
      let lock = project.url("artifacts/.nefro.lock")
      let started = Date()
      while (try? String(contentsOf: lock, encoding: .utf8))?.contains("\(first.process.processIdentifier)") != true {
        try #require(Date().timeIntervalSince(started) < 120 && first.process.isRunning)
        Thread.sleep(forTimeInterval: 0.02)
      }
      let second = try project.program.run("train")
      #expect(second.code == 1)
      #expect(second.error.contains("is in use by another run of nefro (process \(first.process.processIdentifier))"))
    }
  }

  @Test func `a class the model does not know stops the evaluation`() throws {
    try withTemporaryFolder { folder in
      let project = try SmallProject(in: folder)
      try project.synthesize()
      try project.program.run("pipeline", "--source", "hospital", expecting: 0)
      try project.program.run(
        "synthesize", "--out", "other", "--patients", "8", "--classes", "Cyst,Normal", "--slices", "3-3", "--size", "96",
        expecting: 0)
      try project.program.run("ingest", "--source", "other", "--replace", expecting: 0)
      let outcome = try project.program.run("evaluate")
      #expect(outcome.code == 1)
      #expect(outcome.error.contains("has a class 'Cyst' that the model does not know"))
    }
  }

  @Test func `a full disk is named, and what was there stays`() throws {
    try withTemporaryFolder { folder in
      let project = try SmallProject(in: folder)
      try project.synthesize()
      try project.program.run("ingest", "--source", "hospital", expecting: 0)
      try project.program.run("prepare", expecting: 0)
      let artifacts = project.url("artifacts/prepare_base_model")
      let before = try project.bytes("artifacts/prepare_base_model/base_model.safetensors")
      // A file system of 70 MB holds the base once, but not a second copy beside it.
      let mount = Process()
      mount.executableURL = URL(filePath: "/usr/bin/env")
      mount.arguments = [
        "unshare", "-m", "sh", "-c",
        "cp -r '\(artifacts.path)' '\(folder.path)/kept' && mount -t tmpfs -o size=70m none '\(artifacts.path)' && cp '\(folder.path)'/kept/* '\(artifacts.path)/' && cd '\(project.folder.path)' && '\(NefroProgram.url.path)' prepare; code=$?; cmp '\(folder.path)/kept/base_model.safetensors' '\(artifacts.path)/base_model.safetensors' && exit $code",
      ]
      let errors = Pipe()
      mount.standardError = errors
      try mount.run()
      let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      mount.waitUntilExit()
      guard !text.contains("unshare failed"), !text.contains("permission denied"), !text.contains("must be superuser") else {
        print("SKIPPED, a full disk cannot be made here: mounting needs privileges")
        return
      }
      #expect(mount.terminationStatus == 1)
      #expect(text.contains("No space left on the disk"), "\(text)")
      #expect(try project.bytes("artifacts/prepare_base_model/base_model.safetensors") == before)
    }
  }

  @Test func `wrong usage ends with 64, and the version names commit and kernels`() throws {
    let program = NefroProgram(folder: FileManager.default.temporaryDirectory)
    #expect(try program.run("predict").code == 64)
    #expect(try program.run("train", "--epochs", "3").code == 64)
    #expect(try program.run("synthesize", "--out", "x", "--patients", "0").code == 64)
    let version = try program.run("--version", expecting: 0).output
    #expect(version.contains("kernels: "))
    #expect(version.contains("commit "))
    let portable = NefroProgram(folder: program.folder, environment: ["NEFRO_KERNELS": "portable"])
    #expect(try portable.run("--version").output.contains("kernels: portable"))
    let wrong = try NefroProgram(folder: program.folder, environment: ["NEFRO_KERNELS": "sse"]).run("--version")
    #expect(wrong.code == 1)
    #expect(wrong.error.contains("NEFRO_KERNELS is 'sse'"))
    for wish in ["two", "0", "-1", "1000000"] {
      let threads = try NefroProgram(folder: program.folder, environment: ["NEFRO_THREADS": wish]).run("--version")
      #expect(threads.code == 1)
      #expect(threads.error.contains("NEFRO_THREADS is '\(wish)', but must be a whole number from 1 to 1024"))
    }
  }
}
