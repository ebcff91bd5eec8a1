// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that building and testing Nefro never builds its benchmarks.
let package = Package(
  name: "nefro-benchmarks",
  dependencies: [
    .package(name: "nefro", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
  ],
  targets: [
    .executableTarget(
      name: "nefro-benchmarks",
      dependencies: [
        .product(name: "NefroKit", package: "nefro"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
