import KidneyData

extension ProgressLine {
  /// Shows what an ingestion tells.
  func show(_ progress: IngestionProgress) {
    switch progress {
    case .downloading(let download):
      show(
        "Downloading", done: Int(download.bytes >> 10), total: download.total.map { Int($0 >> 10) }, unit: "KiB")
    case .unpacking(let done, let total): show("Unpacking", done: done, total: total, unit: "files")
    case .recognising(let done, let total): show("Recognising the source", done: done, total: total, unit: "files")
    case .reading(let done, let total): show("Reading", done: done, total: total, unit: "images")
    case .unchanged(let pictures): note("The same source was ingested before: \(pictures) pictures, nothing changed.")
    }
  }
}
