import CProcessor

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Which build of the kernels computes.
public enum KernelPath: String, Sendable, CaseIterable {
  /// Runs on any processor.
  case portable
  /// Needs AVX2 and FMA.
  case avx2
  /// Needs AVX-512 F, DQ, BW and VL.
  case avx512

  /// Raised whenever a change makes some result's bits others than before, so that what was kept of earlier ones is not
  /// mixed with new ones: 2 since early layers run on 6x6 tiles.
  public static let arithmeticRevision = 2

  /// The path that `NEFRO_KERNELS` in the environment names, else the fastest of this processor; found once. A wish
  /// that cannot be met is passed over here: a program asks `checkedEnvironment` when it starts.
  public static let current: KernelPath = (try? checkedEnvironment()) ?? fastest

  /// The path that `NEFRO_KERNELS` names, or the fastest if it is not set or empty.
  ///
  /// - Throws: `KernelPathError` if it names none, or one that this processor cannot run.
  public static func checkedEnvironment() throws(KernelPathError) -> KernelPath {
    guard let wish = getenv("NEFRO_KERNELS").map({ String(cString: $0) }), !wish.isEmpty else { return fastest }
    guard let path = KernelPath(rawValue: wish) else { throw .unknown(wish) }
    guard path.isSupported else { throw .unsupported(path) }
    return path
  }

  /// Whether this processor and its operating system can run the path.
  public var isSupported: Bool {
    switch self {
    case .portable: true
    case .avx2: processorHasAVX2
    case .avx512: processorHasAVX512
    }
  }

  /// What this processor lacks if it cannot run the path.
  fileprivate var instructions: String {
    switch self {
    case .portable: "no special instructions"
    case .avx2: "AVX2 and FMA"
    case .avx512: "AVX-512 (F, DQ, BW and VL)"
    }
  }

  private static let fastest: KernelPath = allCases.last(where: \.isSupported) ?? .portable
}

/// Why the kernels that `NEFRO_KERNELS` asks for cannot be had.
public enum KernelPathError: Error, Equatable, CustomStringConvertible {
  /// The name is no path's.
  case unknown(String)
  /// The processor, or its operating system, lacks the instructions.
  case unsupported(KernelPath)

  public var description: String {
    let names = KernelPath.allCases.filter(\.isSupported).map(\.rawValue).joined(separator: ", ")
    let advice = "Set it to one of \(names), or leave it out for the fastest of them."
    switch self {
    case .unknown(let name):
      return "NEFRO_KERNELS is '\(name)', which is not the name of a build of the kernels. \(advice)"
    case .unsupported(let path):
      return "NEFRO_KERNELS asks for \(path.rawValue), but this processor or its operating system has no "
        + "\(path.instructions). \(advice)"
    }
  }
}

private let processorHasAVX2 = nefro_processor_has_avx2_and_fma()
private let processorHasAVX512 = nefro_processor_has_avx512()
