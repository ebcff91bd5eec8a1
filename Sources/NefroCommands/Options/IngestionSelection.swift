import ArgumentParser
import Digests
import Foundation
import KidneyData

/// Which source to ingest, and which of its pictures.
struct IngestionSelection: ParsableArguments {
  @Option(
    name: .long,
    help: "A folder, a zip or tar archive, an http(s) address, a Google Drive share link or kaggle:OWNER/NAME; over the configuration's source_URL.",
    completion: .file())
  var source: String?

  @Option(name: .long, help: ArgumentHelp("Only these classes, separated by commas.", valueName: "A,B"))
  var classes: String?

  @Option(name: .long, help: ArgumentHelp("At most so many pictures of each class, drawn with --sample-seed.", valueName: "n"))
  var perClass: Int?

  @Option(name: .long, help: ArgumentHelp("The seed of --per-class.", valueName: "seed"))
  var sampleSeed: UInt64 = 1

  @Option(name: .long, help: ArgumentHelp("The archive's SHA-256, checked before anything is unpacked.", valueName: "digest"))
  var sha256: String?

  func validate() throws {
    if let perClass, perClass < 1 { throw ValidationError("--per-class \(perClass): must be 1 or more.") }
    if let sha256, ContentDigest(hex: sha256) == nil {
      throw ValidationError("--sha256 \(sha256): must be 64 hexadecimal digits.")
    }
  }

  var options: IngestionOptions {
    IngestionOptions(
      selection: PictureSelection(
        classes: classes?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }, picturesPerClass: perClass,
        seed: perClass == nil ? 0 : sampleSeed),
      expectedSHA256: sha256.flatMap(ContentDigest.init(hex:)))
  }
}
