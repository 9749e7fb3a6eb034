// swift-tools-version: 6.2
// The client that dev/bench measures, beside the package and through nothing but `import Dubbo`. Built by
//   swift build --package-path Benchmarks --scratch-path .build/beside -c release

import PackageDescription

let package = Package(
  name: "dubbo-swift-benchmarks",
  platforms: [.macOS(.v26)],
  dependencies: [.package(name: "dubbo-swift", path: "..")],
  targets: [
    .executableTarget(
      name: "bench-client", dependencies: [.product(name: "Dubbo", package: "dubbo-swift")],
      swiftSettings: [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
