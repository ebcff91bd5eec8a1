// swift-tools-version: 6.2
import PackageDescription

/// One of the kernels' targets. Two of them are compiled for instructions that not every processor has: code that
/// runs before the processor is detected must not contain those. `-Ounchecked` removes preconditions there, so every
/// shape and bounds check lives above, in NeuralNetworks.
func kernelFlags(_ instructions: [String]) -> [SwiftSetting] {
  #if arch(x86_64)
    [.unsafeFlags(["-Ounchecked"] + instructions.flatMap { ["-Xcc", "-m\($0)"] })]
  #else
    [.unsafeFlags(["-Ounchecked"])]
  #endif
}

let avx2 = ["avx2", "fma"]
let avx512 = avx2 + ["avx512f", "avx512dq", "avx512bw", "avx512vl"]

let package = Package(
  name: "nefro",
  products: [
    .executable(name: "nefro", targets: ["nefro"]),
    // What the nested package in Benchmarks measures.
    .library(
      name: "NefroKit", targets: ["TensorKernels", "NeuralNetworks", "MedicalImages", "KidneyData", "Backbones"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    // Ground floor: nothing of ours below.
    .target(name: "TensorKernelsAVX2", dependencies: ["CProcessor"], swiftSettings: kernelFlags(avx2)),
    .target(name: "TensorKernelsAVX512", dependencies: ["CProcessor"], swiftSettings: kernelFlags(avx512)),
    .target(name: "CProcessor"),
    .target(
      name: "TensorKernels", dependencies: ["TensorKernelsAVX2", "TensorKernelsAVX512", "CProcessor"],
      swiftSettings: kernelFlags([])),
    .target(name: "RandomStreams"),
    .target(name: "LocalFiles"),
    .target(name: "Digests", dependencies: [.product(name: "Crypto", package: "swift-crypto")]),
    .target(name: "Evaluation"),

    // C libraries, each behind one target.
    .systemLibrary(name: "CTurboJPEG", pkgConfig: "libturbojpeg", providers: [.apt(["libturbojpeg0-dev"])]),
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
    .target(name: "CHDF5", linkerSettings: [.linkedLibrary("dl")]),

    .target(name: "ParallelWork"),
    .target(name: "NeuralNetworks", dependencies: ["TensorKernels", "RandomStreams", "LocalFiles"]),
    .target(name: "Archives", dependencies: ["CArchive", "LocalFiles"]),
    .target(
      name: "Transfers",
      dependencies: [
        "Digests", "LocalFiles",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "NIOFoundationCompat", package: "swift-nio"),
      ]),
    .target(name: "Storage", dependencies: ["LocalFiles", .product(name: "GRDB", package: "GRDB.swift")]),
    .target(name: "Tracking", dependencies: ["Storage", "Transfers", "Evaluation", "Digests", "LocalFiles"]),
    .target(name: "MedicalImages", dependencies: ["CTurboJPEG", "CPNG"]),
    .target(
      name: "Backbones",
      dependencies: [
        "NeuralNetworks", "TensorKernels", "Transfers", "Archives", "Digests", "LocalFiles", "RandomStreams", "CHDF5",
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ]),
    .target(
      name: "KidneyData",
      dependencies: [
        "MedicalImages", "Transfers", "Archives", "Digests", "LocalFiles", "ParallelWork", "RandomStreams",
      ]),
    .target(name: "Reports", dependencies: ["Evaluation"]),
    .target(
      name: "Inference",
      dependencies: [
        "NeuralNetworks", "Backbones", "MedicalImages", "Digests", "LocalFiles", "ParallelWork", "RandomStreams",
        "TensorKernels",
      ]),
    .target(
      name: "Training",
      dependencies: [
        "Inference", "KidneyData", "Evaluation", "Reports", "Backbones", "MedicalImages", "NeuralNetworks", "TensorKernels",
        "Digests", "LocalFiles", "ParallelWork", "RandomStreams",
        .product(name: "Yams", package: "Yams"),
      ]),
    .target(
      name: "Serving",
      dependencies: [
        "Inference", "Backbones", "Tracking", "Reports", "Storage", "MedicalImages", "Digests", "LocalFiles",
        "BuildInformation",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "HummingbirdTLS", package: "hummingbird"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
        .product(name: "Mustache", package: "swift-mustache"),
      ],
      // Within the program: no page needs a file beside it.
      resources: [
        .embedInCode("Pages/Assets"), .embedInCode("Pages/Templates"), .embedInCode("Pages/Texts"),
      ]),
    .plugin(name: "StampCommit", capability: .buildTool()),
    .target(name: "BuildInformation", plugins: ["StampCommit"]),
    .target(
      name: "NefroCommands",
      dependencies: [
        // All that it imports: a room that is not named here is not compiled again when that one changes.
        "Training", "Inference", "KidneyData", "Evaluation", "Reports", "Backbones", "MedicalImages", "NeuralNetworks",
        "TensorKernels", "Tracking", "Serving", "Digests", "LocalFiles", "ParallelWork", "BuildInformation",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ]),
    .executableTarget(name: "nefro", dependencies: ["NefroCommands"]),

    .target(name: "TestSupport", dependencies: ["RandomStreams"], path: "Tests/TestSupport"),
    .target(name: "BackboneTestSupport", dependencies: ["Backbones"], path: "Tests/BackboneTestSupport"),
    // Takes the place of the C library's allocator in the test program, to count.
    .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
    .testTarget(name: "TensorKernelsTests", dependencies: ["TensorKernels", "RandomStreams", "TestSupport"]),
    .testTarget(name: "RandomStreamsTests", dependencies: ["RandomStreams"]),
    .testTarget(name: "ParallelWorkTests", dependencies: ["ParallelWork"]),
    .testTarget(name: "LocalFilesTests", dependencies: ["LocalFiles", "TestSupport"]),
    .testTarget(name: "DigestsTests", dependencies: ["Digests", "TestSupport"]),
    .testTarget(name: "EvaluationTests", dependencies: ["Evaluation", "RandomStreams", "TestSupport"]),
    .testTarget(
      name: "NeuralNetworksTests",
      dependencies: [
        "NeuralNetworks", "TensorKernels", "RandomStreams", "LocalFiles", "TestSupport", "CAllocationCounter",
      ],
      resources: [.copy("Golden")]),
    .testTarget(name: "ArchivesTests", dependencies: ["Archives", "TestSupport"]),
    // Servers on the loopback device that behave as a test wants.
    .target(
      name: "LoopbackServers",
      dependencies: [
        "TestSupport",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ],
      path: "Tests/LoopbackServers"),
    .testTarget(
      name: "TransfersTests",
      dependencies: [
        "Transfers", "Digests", "LocalFiles", "RandomStreams", "TestSupport", "LoopbackServers",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ]),
    .testTarget(
      name: "MedicalImagesTests", dependencies: ["MedicalImages", "RandomStreams", "TestSupport"],
      resources: [.copy("Golden")]),
    .testTarget(
      name: "BackbonesTests",
      dependencies: ["Backbones", "Digests", "LocalFiles", "NeuralNetworks", "TestSupport", "BackboneTestSupport"],
      resources: [.copy("Golden")]),
    .testTarget(
      name: "KidneyDataTests",
      dependencies: [
        "KidneyData", "MedicalImages", "Archives", "Digests", "LocalFiles", "ParallelWork", "RandomStreams", "TestSupport",
      ],
      resources: [.copy("Golden")]),
    .testTarget(name: "StorageTests", dependencies: ["Storage", "TestSupport"]),
    // Writes into a run store until a test kills it.
    .executableTarget(
      name: "run-writer", dependencies: ["Tracking", "Evaluation", "Digests", "LocalFiles", "RandomStreams"],
      path: "Tests/RunWriter"),
    .testTarget(
      name: "TrackingTests",
      dependencies: [
        "Tracking", "Storage", "Transfers", "Evaluation", "Digests", "LocalFiles", "RandomStreams", "TestSupport",
        "LoopbackServers",
        .product(name: "Logging", package: "swift-log"),
      ],
      exclude: ["Stores"]),
    .testTarget(name: "ReportsTests", dependencies: ["Reports", "TestSupport"]),
    .testTarget(
      name: "InferenceTests",
      dependencies: [
        "Inference", "Backbones", "MedicalImages", "NeuralNetworks", "TensorKernels", "RandomStreams", "Digests", "LocalFiles",
        "TestSupport", "BackboneTestSupport",
      ],
      resources: [.copy("Golden")]),
    .testTarget(
      name: "TrainingTests",
      dependencies: [
        "Training", "Backbones", "Evaluation", "Inference", "KidneyData", "MedicalImages", "NeuralNetworks", "RandomStreams", "Reports",
        "Digests", "LocalFiles", "TensorKernels", "TestSupport", "BackboneTestSupport", "CAllocationCounter",
      ]),
    .testTarget(
      name: "ServingTests",
      dependencies: [
        "Serving", "Reports", "Inference", "Backbones", "MedicalImages", "NeuralNetworks", "RandomStreams", "Tracking", "Transfers",
        "Storage", "Digests", "LocalFiles", "TestSupport", "LoopbackServers",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ]),
    // Documents taken apart, for the tests that compare them with the program and that run what they show.
    .target(name: "DocumentSupport", dependencies: ["TestSupport"], path: "Tests/DocumentSupport"),
    .testTarget(
      name: "NefroCommandsTests",
      dependencies: [
        "NefroCommands", "Training", "TestSupport", "DocumentSupport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .testTarget(
      name: "IntegrationTests",
      dependencies: ["Tracking", "Storage", "RandomStreams", "TestSupport", "DocumentSupport", "LoopbackServers"]),
  ],
  swiftLanguageModes: [.v6]
)
