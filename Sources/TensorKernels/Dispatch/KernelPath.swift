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

  /// The fastest path of this processor, found once. `NEFRO_KERNELS=portable` in the environment forces
  /// the portable one.
  public static let current: KernelPath = {
    if let wish = getenv("NEFRO_KERNELS"), String(cString: wish) == KernelPath.portable.rawValue { return .portable }
    return KernelPath.avx2.isSupported ? .avx2 : .portable
  }()

  /// Whether this processor and its operating system can run the path.
  public var isSupported: Bool {
    switch self {
    case .portable: true
    case .avx2: processorHasAVX2
    }
  }
}

private let processorHasAVX2 = nefro_processor_has_avx2_and_fma()
