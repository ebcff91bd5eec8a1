/// What can go wrong with the data, and what to do about it.
public enum KidneyDataError: Error, Equatable, CustomStringConvertible {
  case noSuchFolder(path: String)
  /// No folder with pictures in it was found.
  case noClasses(path: String)
  case onlyOneClass(path: String, name: String)
  /// None of a class's files is a readable picture.
  case emptyClass(path: String, name: String, setAside: Int)
  /// A class was asked for that the source does not have.
  case unknownClass(name: String, available: [String])
  case invalidManifest(path: String, reason: String)
  /// A picture of the manifest is not there, or not the same.
  case pictureMissing(path: String)
  case pictureChanged(path: String, expected: String, actual: String)

  public var description: String {
    switch self {
    case .noSuchFolder(let path):
      "There is no folder '\(path)'. Give a folder, an archive or a link that holds one folder of pictures for each class."
    case .noClasses(let path):
      "No class folders in '\(path)': a class is a folder that holds JPEG or PNG files, such as Normal/ and Tumor/."
    case .onlyOneClass(let path, let name):
      "Only one class, '\(name)', in '\(path)': a classifier needs at least two folders of pictures, such as Normal/ and Tumor/. "
        + "If you named one class folder, name the folder above it."
    case .emptyClass(let path, let name, let setAside):
      "Class '\(name)' in '\(path)' has no readable picture (\(setAside) files set aside). "
        + "Add JPEG or PNG pictures to it, or remove the folder."
    case .unknownClass(let name, let available):
      "There is no class '\(name)'; the classes are \(available.joined(separator: ", "))."
    case .invalidManifest(let path, let reason):
      "The manifest '\(path)' is not valid: \(reason). Delete it to have the folder read anew, or ingest the data again."
    case .pictureMissing(let path):
      "'\(path)' is listed in the manifest but is not there. Restore it, or ingest the data again."
    case .pictureChanged(let path, let expected, let actual):
      "'\(path)' is not the file of the manifest: expected \(expected), found \(actual). Restore it, or ingest the data again."
    }
  }
}
