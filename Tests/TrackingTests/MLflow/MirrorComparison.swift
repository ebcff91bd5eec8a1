import Digests
import Foundation
import Testing
import Tracking

/// Compares runs of a store with what MLflow's own client reads.
struct MirrorComparison {
  let store: RunStore
  let limits: MLflowLimits
  /// What made folders that MLflow loads.
  var packager: ModelPackager?

  /// Each run is there once and whole, and nothing else is.
  func expectEqual(_ read: ReadBack, _ ids: [RunID]) throws {
    let byID = Dictionary(grouping: read.runs) { $0.tags["nefro.run"] ?? "?" }
    #expect(Set(byID.keys) == Set(ids.map(\.text)), "the server has other runs than the store")
    for id in ids {
      let found = byID[id.text] ?? []
      #expect(found.count == 1, "run \(id.short) is there \(found.count) times")
      if let run = found.first { try expectEqual(run, store.details(of: id), byID) }
    }
  }

  private func expectEqual(_ read: ReadBack.Run, _ details: RunDetails, _ all: [String: [ReadBack.Run]]) throws {
    let run = details.run
    let shown = "run \(run.id.short) (\(run.name))"
    #expect(read.name == run.name)
    #expect(read.status == ["finished": "FINISHED", "failed": "FAILED", "interrupted": "KILLED"][run.status.rawValue])
    #expect(read.start == Int64((run.started.timeIntervalSince1970 * 1000).rounded()))
    #expect(read.end == run.ended.map { Int64(($0.timeIntervalSince1970 * 1000).rounded()) })
    if let parent = run.parent { #expect(read.tags["mlflow.parentRunId"] == all[parent.text]?.first?.id) }

    var wholes: [String] = []
    func expectTexts(_ stored: [String: String], _ there: [String: String], _ length: Int) {
      for (key, value) in stored {
        let found = there[MLflowLimits.key(key)]
        if value.unicodeScalars.count <= length {
          #expect(found == value, "\(shown), \(key)")
        } else {
          #expect(
            found?.unicodeScalars.count == length && found?.hasPrefix(value.prefix(100)) == true, "\(shown), \(key)")
          wholes.append(value)
        }
      }
    }
    expectTexts(details.parameters, read.parameters, limits.parameterLength)
    expectTexts(details.tags, read.tags, limits.tagLength)
    #expect(read.parameters.count == details.parameters.count, "\(shown) has other parameters as well")

    expectPoints(read, details, shown)
    var files = Dictionary(uniqueKeysWithValues: details.artifacts.map { ($0.path, $0.digest.hex) })
    if let packager, run.kind == .train, run.status == .finished, files["model/MLmodel"] == nil,
      let model = details.artifacts.first(where: { $0.path == RunArtifact.model })
    {
      for file in try packager.files(store.objects.checked(model.digest)) {
        files["model/\(file.name)"] = ContentDigest(of: file.content).hex
      }
    }
    for (path, digest) in files { #expect(read.files[path] == digest, "\(shown), \(path)") }
    #expect(read.files.count == files.count + wholes.count, "\(shown): \(read.files.keys.sorted())")
    if let digest = details.tags["data.training.digest"] {
      #expect(read.datasets == [["data", String(digest.prefix(36)), "training"]], "\(shown)")
    }
    let listed =
      read.tags["mlflow.log-model.history"].map { $0.components(separatedBy: "\"artifact_path\"").count - 1 } ?? 0
    #expect(listed == (files["model/MLmodel"] == nil ? 0 : 1), "\(shown) lists \(listed) models")
  }

  private func expectPoints(_ read: ReadBack.Run, _ details: RunDetails, _ shown: String) {
    var wanted: [String: [String]] = [:]
    func point(_ step: Int64, _ time: Int64, _ value: Double) -> String {
      let finite = value.isInfinite ? (value > 0 ? 1 : -1) * Double.greatestFiniteMagnitude : value
      return "\(step) \(time) \(finite.isNaN ? "nan" : "\(finite)")"
    }
    for entry in details.history {
      wanted[MLflowLimits.key(entry.key), default: []].append(
        point(Int64(entry.step), Int64((entry.time.timeIntervalSince1970 * 1000).rounded()), entry.value))
    }
    for (key, figure) in details.figures {
      for (suffix, value) in [("", figure.value as Double?), ("_low", figure.low), ("_high", figure.high)] {
        guard let value, let end = read.end else { continue }
        let name = key + suffix
        wanted[details.history.contains { $0.key == name } ? "\(name)_final" : name, default: []]
          .append(point(0, end, value))
      }
    }
    #expect(Set(read.metrics.keys) == Set(wanted.keys), "\(shown)")
    for (key, points) in wanted {
      let there = (read.metrics[key] ?? []).map { point($0.step, $0.timestamp, Double($0.value) ?? -1e99) }
      #expect(there.sorted() == points.sorted(), "\(shown), \(key)")
    }
  }
}
