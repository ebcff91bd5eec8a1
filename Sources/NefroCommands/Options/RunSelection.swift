import ArgumentParser
import Tracking

/// Which of the stored runs, in which order.
struct RunSelection: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp("Only runs that satisfy this, such as 'auc > 0.9 and epochs >= 5'; see docs/runs.md.", valueName: "filter"))
  var filter: String?

  @Option(name: .long, help: ArgumentHelp("Largest first by this figure, metric, parameter, tag or field; else the latest first.", valueName: "key"))
  var sort: String?

  @Flag(name: .long, help: "Smallest, or oldest, first.")
  var reverse = false

  @Option(
    name: .long,
    help: ArgumentHelp("At most so many, 0 for all; without it a list has 50 and an export all.", valueName: "n"))
  var limit: Int?

  @Flag(name: .long, help: "Also runs that are parts of another one, such as a pipeline's stages.")
  var parts = false

  func validate() throws {
    if let limit, limit < 0 { throw ValidationError("--limit \(limit): must be 0 or more.") }
    if let filter {
      do { _ = try RunFilter(filter) } catch { throw ValidationError("\(error)") }
    }
  }

  /// - Parameter limit: where none is given; nil for all.
  func query(limit otherwise: Int?) throws -> RunQuery {
    let most = limit ?? otherwise
    return RunQuery(
      filter: try filter.map { try RunFilter($0) }, sort: sort.map { RunKey($0) }, reverses: reverse,
      limit: most == 0 ? nil : most, includesParts: parts)
  }
}
