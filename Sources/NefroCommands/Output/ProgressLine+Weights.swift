import Backbones

extension ProgressLine {
  /// Shows what a fetch of weights tells.
  func show(_ event: WeightFetchEvent) {
    switch event {
    case .waiting(let holder): note("Another run is fetching (\(holder)); waiting for it.")
    case .foundInStore(let path): note("Already here: \(path)")
    case .trying(let source, let location): note("Trying the \(source.rawValue): \(location)")
    case .downloading(let bytes, let total):
      show("Downloading", done: Int(bytes >> 10), total: total.map { Int($0 >> 10) }, unit: "KiB")
    case .importing(let path): note("Reading \(path)")
    case .failed(let source, let reason): note("The \(source.rawValue) did not do: \(reason)")
    case .stored: break
    }
  }
}
