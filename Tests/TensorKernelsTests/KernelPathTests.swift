import Foundation
import TensorKernels
import TestSupport
import Testing

struct KernelPathTests {
  @Test func `the portable path is always there, and the current one runs here`() {
    #expect(KernelPath.portable.isSupported)
    #expect(KernelPath.current.isSupported)
  }

  @Test(
    .enabled(if: FileManager.default.fileExists(atPath: "/proc/cpuinfo"), "SKIPPED, the system has no /proc/cpuinfo"))
  func `AVX2 and AVX-512 are found where the system lists them`() throws {
    let listed =
      try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
      .split(separator: "\n").first { $0.hasPrefix("flags") }?.split(separator: " ").map(String.init) ?? []
    let flags = Set(listed)
    #expect(KernelPath.avx2.isSupported == flags.isSuperset(of: ["avx2", "fma"]))
    #expect(
      KernelPath.avx512.isSupported
        == flags.isSuperset(of: ["avx2", "fma", "avx512f", "avx512dq", "avx512bw", "avx512vl"]))
  }

  @Test func `a wish that cannot be met says what can`() {
    let unknown = "\(KernelPathError.unknown("sse"))"
    #expect(unknown.hasPrefix("NEFRO_KERNELS is 'sse', which is not the name of a build of the kernels."))
    #expect(unknown.contains("Set it to one of portable"))
    let unsupported = "\(KernelPathError.unsupported(.avx512))"
    #expect(unsupported.contains("has no AVX-512 (F, DQ, BW and VL)"))
  }

  /// A symbolic link that a checkout turned into a text file would be found by the compiler; a copy that
  /// was changed on one side would not.
  @Test(arguments: [
    // What one build has for itself, and what it does without.
    SourcesOfOneBuild(folder: "TensorKernels/Portable", own: ["MultiplyAdd.swift"], missing: []),
    SourcesOfOneBuild(
      folder: "TensorKernelsAVX512", own: ["PanelProduct.swift", "VectorWidth.swift"],
      missing: ["DepthwiseTile.swift", "DepthwiseWindow.swift"]),
  ])
  func `the builds of the kernels have the same sources`(_ build: SourcesOfOneBuild) throws {
    let sources = packageRoot.appending(path: "Sources")
    let avx2 = sources.appending(path: "TensorKernelsAVX2")
    let other = sources.appending(path: build.folder)
    let names = try FileManager.default.contentsOfDirectory(atPath: avx2.path).sorted()
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: other.path).sorted()
        == names.filter { !build.missing.contains($0) })
    for name in names where !build.own.contains(name) && !build.missing.contains(name) {
      let same = try Data(contentsOf: avx2.appending(path: name)) == Data(contentsOf: other.appending(path: name))
      #expect(same, "\(name)")
    }
  }

  struct SourcesOfOneBuild: Sendable {
    let folder: String
    let own: Set<String>
    let missing: Set<String>
  }
}
