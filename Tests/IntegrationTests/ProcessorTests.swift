import Foundation
import TestSupport
import Testing

#if arch(x86_64)
  /// The program on processors that this machine does not have, in qemu's user mode.
  @Suite(.serialized) struct ProcessorTests {
    struct Emulator {
      let path: String
      /// Older ones have no AVX2, whatever processor they are asked for.
      let hasAVX2: Bool

      static let installed: Emulator? = {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        guard let path = folders.map({ "\($0)/qemu-x86_64" }).first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
          print("SKIPPED, other processors cannot be emulated: install Debian's package qemu-user")
          return nil
        }
        guard let version = try? said(path, "--version").firstMatch(of: /version (\d+)\.(\d+)/),
          let major = Int(version.1), let minor = Int(version.2)
        else {
          Issue.record("\(path) does not tell its version")
          return nil
        }
        let hasAVX2 = (major, minor) >= (7, 2)
        if !hasAVX2 { print("SKIPPED, AVX2 cannot be emulated: qemu-user \(major).\(minor) is here, 7.2 is needed") }
        return Emulator(path: path, hasAVX2: hasAVX2)
      }()

      private static func said(_ path: String, _ argument: String) throws -> String {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: path)
        process.arguments = [argument]
        process.standardOutput = pipe
        try process.run()
        let said = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: said, as: UTF8.self)
      }
    }

    private struct Answer: Decodable {
      var path: String
      var probabilities: [String: Double]
    }

    private func answers(_ program: NefroProgram, _ pictures: [String]) throws -> [Answer] {
      let outcome = try program.run(["predict", "--json"] + pictures, expecting: 0)
      #expect(outcome.code == 0)
      return try outcome.output.split(separator: "\n").map { try JSONDecoder().decode(Answer.self, from: Data($0.utf8)) }
    }

    @Test(.enabled(if: Emulator.installed != nil))
    func `a processor without AVX2 runs the portable kernels, one without AVX-512 those for AVX2, to the same answers`() throws {
      let emulator = try #require(Emulator.installed)
      try withTemporaryFolder { folder in
        let project = try SmallProject(in: folder)
        // The smallest pictures that VGG-16 takes, since emulation is slow.
        try SmallProjectFiles.parameters.replacing("[64, 64, 3]", with: "[32, 32, 3]")
          .write(to: project.url("params.yaml"), atomically: true, encoding: .utf8)
        try project.synthesize()
        try project.program.run("pipeline", "--source", "hospital", expecting: 0)
        let pictures = ["Normal", "Tumor"].flatMap { label in (1...3).map { "hospital/\(label)/\(label)- (\($0)).jpg" } }

        let native = try answers(project.program, pictures)
        #expect(native.map(\.path) == pictures)
        #expect(Set(native.map { $0.probabilities["Tumor"] }).count == pictures.count)

        var others: [(kernels: String, environment: [String: String], runner: [String])] = [
          ("portable", ["NEFRO_KERNELS": "portable"], []),
          // An empty wish leaves the choice to the program.
          ("portable", ["NEFRO_KERNELS": ""], [emulator.path, "-cpu", "Nehalem"]),
        ]
        if emulator.hasAVX2 { others.append(("avx2", ["NEFRO_KERNELS": ""], [emulator.path, "-cpu", "Haswell"])) }
        for other in others {
          let program = NefroProgram(folder: project.folder, environment: other.environment, runner: other.runner)
          let version = try program.run("--version", expecting: 0)
          #expect(version.output.contains("kernels: \(other.kernels)"), "\(other)")
          let found = try answers(program, pictures)
          #expect(found.map(\.path) == pictures)
          for (native, found) in zip(native, found) {
            #expect(Set(found.probabilities.keys) == Set(native.probabilities.keys))
            for (label, probability) in native.probabilities {
              #expect(abs(try #require(found.probabilities[label]) - probability) < 1e-5, "\(other), \(found.path)")
            }
          }
        }

        // What the processor lacks is refused in words, not by an illegal instruction.
        let refused = try NefroProgram(
          folder: project.folder, environment: ["NEFRO_KERNELS": "avx2"], runner: [emulator.path, "-cpu", "Nehalem"]
        ).run(["predict"] + pictures)
        #expect(refused.code == 1)
        #expect(refused.error.contains("NEFRO_KERNELS asks for avx2"))
      }
    }
  }
#endif
