import ArgumentParser
import Foundation
import KidneyData
import LocalFiles
import MedicalImages
import Training

struct SheetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sheet",
    abstract: "Draw contact sheets of a data set or of its augmentation.",
    subcommands: [Data.self, Augmentation.self])

  struct Data: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Draw some pictures of each class.")

    @Argument(help: "A folder of class folders.", completion: .directory)
    var folder: String

    @Option(name: .long, help: ArgumentHelp("The PNG to write.", valueName: "file"))
    var out: String

    @Option(name: .long, help: ArgumentHelp("Pictures of each class.", valueName: "n"))
    var perClass = 16

    func validate() throws {
      guard (1...1000).contains(perClass) else { throw ValidationError("--per-class \(perClass): must be 1 to 1000.") }
    }

    mutating func run() async throws {
      let data = try DataSet.open(URL(filePath: folder, directoryHint: .isDirectory))
      try AtomicFile.write(PictureWriter.png(ContactSheet.overview(of: data, perClass: perClass)), to: URL(filePath: out))
    }
  }

  struct Augmentation: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Draw pictures beside their augmented forms.")

    @OptionGroup var options: ProjectOptions

    @Option(
      name: .long, help: "A folder of class folders; without it the project's ingested data.",
      completion: .directory)
    var data: String?

    @Option(name: .long, help: ArgumentHelp("The PNG to write.", valueName: "file"))
    var out: String

    mutating func run() async throws {
      let project = try options.open(progress: ProgressLine())
      let set = try data.map { try DataSet.open(URL(filePath: $0, directoryHint: .isDirectory)) } ?? project.openData()
      var settings = AugmentationSettings()
      settings.kerasCompatible = project.parameters.kerasCompatible
      let sheet = try ContactSheet.augmentation(
        of: set, settings: settings, preprocessing: project.parameters.preprocessingSpecification,
        seed: project.parameters.seed)
      try AtomicFile.write(PictureWriter.png(sheet), to: URL(filePath: out))
    }
  }
}
