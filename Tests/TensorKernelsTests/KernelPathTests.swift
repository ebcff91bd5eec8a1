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
  func `AVX2 is found where the system lists it`() throws {
    let flags =
      try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
      .split(separator: "\n").first { $0.hasPrefix("flags") }?.split(separator: " ") ?? []
    #expect(KernelPath.avx2.isSupported == (flags.contains("avx2") && flags.contains("fma")))
  }

  /// A symbolic link that a checkout turned into a text file would be found by the compiler; a copy that
  /// was changed on one side would not.
  @Test func `both builds of the kernels have the same sources`() throws {
    let fast = packageRoot.appending(path: "Sources/TensorKernelsAVX2")
    let portable = packageRoot.appending(path: "Sources/TensorKernels/Portable")
    let names = try FileManager.default.contentsOfDirectory(atPath: fast.path).sorted()
    #expect(try FileManager.default.contentsOfDirectory(atPath: portable.path).sorted() == names)
    for name in names where name != "MultiplyAdd.swift" {
      #expect(
        try Data(contentsOf: fast.appending(path: name)) == Data(contentsOf: portable.appending(path: name)), "\(name)")
    }
  }
}
