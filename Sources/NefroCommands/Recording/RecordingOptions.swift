import ArgumentParser
import Foundation
import Tracking
import Training

/// Whether and where a command's work is recorded as a run.
struct RecordingOptions: ParsableArguments {
  @OptionGroup var place: StoreOptions

  @Flag(name: .long, help: "Keep no record of this run.")
  var noRecord = false

  /// Does work as a run: begun before it, ended with it, whatever becomes of it.
  ///
  /// - Parameters:
  ///   - resuming: go on in the project's last run of this kind, if that was interrupted or failed.
  ///   - body: gets the run; nil with `--no-record`.
  /// - Throws: `CommandError.cannotRecord` before the work starts; what the work throws; exit code 3 where the work is
  ///   done but its record is not whole.
  func record(
    _ kind: RunKind, of project: Project, resuming: Bool = false, progress: ProgressLine,
    _ body: (RecordedRun?) async throws -> Void
  ) async throws {
    try await record(of: project, progress: progress, begin: { try $0.begin(kind, resuming: resuming) }, body)
  }

  /// The same with a run that is begun in a way of its own.
  ///
  /// - Parameter begin: nil where there is nothing new to record.
  func record(
    of project: Project, progress: ProgressLine, begin: (RecordKeeper) throws -> RecordedRun?,
    _ body: (RecordedRun?) async throws -> Void
  ) async throws {
    guard !noRecord else { return try await body(nil) }
    let keeper: RecordKeeper
    let run: RecordedRun?
    do {
      keeper = try RecordKeeper(
        project: project, folder: place.folder(ofProject: project.configuration.root), progress: progress,
        environment: ProcessInfo.processInfo.environment)
      run = try begin(keeper)
    } catch {
      throw CommandError.cannotRecord(reason: describe(error))
    }
    do {
      try await body(run)
    } catch {
      run?.fail(error)
      await keeper.end()
      throw error
    }
    run?.finish()
    await keeper.end()
    if !keeper.isComplete { throw ExitCode(3) }
  }
}
