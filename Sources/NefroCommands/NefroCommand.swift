import ArgumentParser
import BuildInformation
import Foundation
import LocalFiles
import TensorKernels

/// The program's root command.
public struct NefroCommand: AsyncParsableCommand {
  /// The program's name, help text, version and subcommands.
  public static let configuration = CommandConfiguration(
    commandName: "nefro",
    abstract: "Train, judge and use classifiers of kidney CT slices. Research use only.",
    discussion: """
      Exit codes: 0 done; 1 an error, named on standard error; 2 some of the pictures could not be read, the others \
      were answered; 3 done, but the run's record is not whole; 64 wrong usage.
      """,
    version: versionText,
    subcommands: [
      PipelineCommand.self, IngestCommand.self, PrepareCommand.self, TrainCommand.self, EvaluateCommand.self,
      CompareCommand.self, ReproduceCommand.self, ReportCommand.self, PredictCommand.self, ExplainCommand.self,
      ExportCommand.self, AuditCommand.self, HeadsCommand.self, SweepCommand.self, RunsCommand.self,
      ModelsCommand.self, WeightsCommand.self, SynthesizeCommand.self, SheetCommand.self, ServeCommand.self,
      TokensCommand.self, AuditLogCommand.self,
    ])

  /// Version, commit, and the kernels this processor gets.
  static var versionText: String {
    let build = BuildInformation.current
    return "nefro \(build.version) (commit \(build.shortCommit)), kernels: \(KernelPath.current.rawValue)"
  }

  /// What ArgumentParser asks of a command.
  public init() {}

  /// Runs the command line and ends the process with its exit code.
  public static func runAndExit() async -> Never {
    Foundation.exit(await exitCode())
  }

  private static func exitCode() async -> Int32 {
    do {
      _ = try KernelPath.checkedEnvironment()
      _ = try ThreadPool.checkedEnvironment()
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
      return 0
    } catch let code as ExitCode {
      return code.rawValue
    } catch let error where isUsage(error) {
      exit(withError: error)
    } catch {
      Terminal.standardError("error: \(describe(error))\n")
      return 1
    }
  }

  /// Whether the argument parser made the error; it then prints help or usage itself.
  private static func isUsage(_ error: any Error) -> Bool {
    error is ValidationError || error is CleanExit || String(reflecting: type(of: error)).hasPrefix("ArgumentParser.")
  }
}

/// An error in words for a person: our own errors say what to do; Foundation's are put into the words of one of ours.
func describe(_ error: any Error) -> String {
  guard error is CocoaError || error is POSIXError || type(of: error) == NSError.self else { return "\(error)" }
  let error = error as NSError
  let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError
  let code = [error, cause].compactMap { $0 }.first { $0.domain == NSPOSIXErrorDomain }.map { Int32($0.code) }
  guard let path = error.userInfo[NSFilePathErrorKey] as? String ?? (error.userInfo[NSURLErrorKey] as? URL)?.path else {
    return code.map { String(cString: strerror($0)) + "." } ?? error.localizedDescription
  }
  // Cocoa's numbers below 512 are of reading.
  let isReading = error.domain == NSCocoaErrorDomain && error.code < 512
  if !isReading, let code { return LocalFileError.writing(path, code: code).description }
  let reason = code.map { String(cString: strerror($0)) } ?? (error.code == 4 || error.code == 260 ? "there is no such file" : error.localizedDescription)
  return isReading
    ? LocalFileError.cannotRead(path: path, reason: reason).description
    : LocalFileError.cannotWrite(path: path, reason: reason).description
}
