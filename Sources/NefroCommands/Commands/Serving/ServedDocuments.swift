import Foundation
import Reports
import Serving
import Tracking
import Training

extension ProjectDocuments {
  /// What `nefro reproduce` and `nefro evaluate` left, read anew for each page.
  static let recorded = ProjectDocuments(
    ladder: { project, language in
      // Where `nefro report` looks as well: among the artifacts, and where `reproduce` writes by default.
      let places = ["artifacts/ladder", "ladder"].map { project.appending(path: $0) }
      let files = places.map { $0.appending(path: LadderResult.fileName) }
      guard let file = files.first(where: { FileManager.default.fileExists(atPath: $0.path) }) else { return nil }
      return try LadderResult.load(from: file, shown: LadderResult.fileName).page.document(in: language)
    },
    card: { version, files, language in
      guard let model = files[.model], let scores = files[.scores], let predictions = files[.predictions] else {
        return nil
      }
      return try VersionReport.read(
        name: version.reference, model: model, scores: scores, predictions: predictions
      ).versionCard(in: language)
    })
}
