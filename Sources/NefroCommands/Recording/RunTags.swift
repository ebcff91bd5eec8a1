import BuildInformation
import Foundation
import TensorKernels
import Training

/// The names under which runs keep what is known of them besides parameters and figures.
enum RunTags {
  static let data = "data.digest"
  static let split = "split.digest"
  static let splitMethod = "split.method"
  static let base = "base.digest"
  static let preprocessing = "preprocessing"
  static let model = "model.digest"
  static let leakage = "leakage"
  static let seed = "seed"
  static let epochs = "epochs"
  static let bestEpoch = "best_epoch"
  static let scoredBy = "scored_by"
  static let testOpenings = "test_set.openings"
  static let testCrossValidations = "test_set.cross_validations"
  /// "true" or "false": whether the model is older than the first time any test picture was scored.
  static let modelPredatesOpening = "test_set.model_predates_first_opening"
  static let trainedBy = "trained_by"
  static let resumedFrom = "resumed_from"
  /// The digest of all that a sweep's results depend on, and of its folder.
  static let plan = "sweep.plan"
  static let sweepFolder = "sweep.folder"
  static let winner = "sweep.winner"
  /// How many trials of a sweep were scored on the same pictures.
  static let looks = "sweep.looks"
  /// A trial's number.
  static let trial = "trial"
  /// What a trial, or a sweep's winner, differs in.
  static let settings = "trial.settings"
  /// Seconds of a phase; its name follows.
  static let duration = "duration."

  /// The program and the machine it runs on.
  static func ofProgram() throws -> [String: String] {
    let build = BuildInformation.current
    return [
      "program.version": build.version, "git.commit": build.commit, "program.digest": try Project.programDigest(),
      "machine.processor": processor, "machine.cores": String(ProcessInfo.processInfo.activeProcessorCount),
      "machine.kernels": KernelPath.current.rawValue,
    ]
  }

  static func of(_ facts: TrainingFacts) -> [String: String] {
    var tags = [
      data: facts.data.hex, split: facts.split.hex, splitMethod: facts.splitMethod, base: facts.base.hex,
      preprocessing: facts.preprocessing,
    ]
    if let digest = facts.model { tags[model] = digest.hex }
    if let mark = facts.mark { tags[leakage] = mark }
    return tags
  }

  /// The most memory this process has held, in bytes.
  static func memory() -> [String: String] {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kibibytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) })
    else { return [:] }
    return ["memory.peak_bytes": String(kibibytes * 1024)]
  }

  private static let processor: String = {
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
    return line?.split(separator: ":", maxSplits: 1).last?.trimmingCharacters(in: .whitespaces) ?? "unknown"
  }()
}
