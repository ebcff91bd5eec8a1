import ArgumentParser
import KidneyData
import Training

struct IngestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ingest",
    abstract: "Bring pictures from a folder, an archive or a link into the project.",
    discussion: """
      Every picture is decoded once; broken ones are listed and set aside. An interrupted ingestion leaves no half data \
      set, and a cut download goes on where it was.
      """)

  @OptionGroup var options: ProjectOptions
  @OptionGroup var selection: IngestionSelection

  @Flag(name: .long, help: "Replace another data set that is there.")
  var replace = false

  mutating func run() async throws {
    let progress = ProgressLine()
    let project = try options.open(progress: progress)
    let lock = try project.lock()
    defer { lock.release() }
    var ingestion = selection.options
    ingestion.replace = replace
    let data = try await project.ingest(source: selection.source, options: ingestion) { progress.show($0) }
    try project.remember(.dataIngestion, source: selection.source, options: ingestion)
    let counts = data.classes.indices.map { label in "\(data.classes[label]) \(data.labels.count { $0 == label })" }
    progress.note("\(data.count) pictures (\(counts.joined(separator: ", "))): \(project.shown(data.root))")
    for file in data.manifest.setAside { progress.note("Set aside: \(file.path): \(file.reason)") }
  }
}
