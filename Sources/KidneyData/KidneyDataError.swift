import Digests

/// What can go wrong with the data, and what to do about it.
public enum KidneyDataError: Error, Equatable, CustomStringConvertible {
  case noSuchFolder(path: String)
  /// A source that is not there.
  case noSuchSource(path: String)
  /// A file that is no archive.
  case notASource(path: String)
  /// No folder with pictures in it was found.
  case noClasses(path: String)
  case onlyOneClass(path: String, name: String)
  /// None of a class's files is a readable picture.
  case emptyClass(path: String, name: String, setAside: Int)
  /// Not one file of the source is a readable picture.
  case nothingReadable(path: String, setAside: Int, firstReason: String)
  /// A folder with pictures lies in another one with pictures.
  case nestedClasses(outer: String, inner: String)
  /// A class was asked for that the source does not have.
  case unknownClass(name: String, available: [String])
  case invalidManifest(path: String, reason: String)
  /// A picture of the manifest is not there, or not the same.
  case pictureMissing(path: String)
  case pictureChanged(path: String, expected: String, actual: String)
  case wrongDigest(path: String, expected: ContentDigest, actual: ContentDigest)
  /// The destination holds something else than a data set.
  case notADataSet(path: String)
  /// The destination holds a data set of another source or selection.
  case differentDataSet(path: String, existing: String, new: String)
  case sourceAndDestinationOverlap(source: String, destination: String)
  /// Of several data sets one is named twice, or lies in another.
  case sharedFolder(path: String, other: String)
  case invalidSetting(key: String, value: String, allowed: String)
  /// A split needs more series of a class than there are.
  case tooFewSeries(className: String, series: Int, needed: Int, purpose: String)
  /// A part of a split would have no picture of a class.
  case tooFewPictures(className: String, pictures: Int)

  public var description: String {
    switch self {
    case .noSuchFolder(let path):
      "There is no folder '\(path)'. Give a folder, an archive or a link that holds one folder of pictures for each "
        + "class."
    case .noClasses(let path):
      "No class folders in '\(path)': a class is a folder that holds JPEG or PNG files, such as Normal/ and Tumor/."
    case .onlyOneClass(let path, let name):
      "Only one class, '\(name)', in '\(path)': a classifier needs at least two folders of pictures, "
        + "such as Normal/ and Tumor/. If you named one class folder, name the folder above it."
    case .emptyClass(let path, let name, let setAside):
      "Class '\(name)' in '\(path)' has no readable picture (\(setAside) files set aside). "
        + "Add JPEG or PNG pictures to it, or remove the folder."
    case .noSuchSource(let path):
      "There is no '\(path)'. A source is a folder, a zip or tar archive, an http(s) address, a Google Drive share link, "
        + "or kaggle:OWNER/NAME."
    case .notASource(let path):
      "'\(path)' is neither a folder nor a zip or tar archive. Give one of these, or a link to an archive."
    case .nothingReadable(let path, let setAside, let firstReason):
      "Not one picture in '\(path)' can be read (\(setAside) files set aside). The first one: \(firstReason)"
    case .nestedClasses(let outer, let inner):
      "Both '\(outer)' and '\(inner)' in it hold pictures, so it is not clear which one is a class. "
        + "Move the pictures of one of them into a folder of their own."
    case .unknownClass(let name, let available):
      "There is no class '\(name)'; the classes are \(available.joined(separator: ", "))."
    case .invalidManifest(let path, let reason):
      "The manifest '\(path)' is not valid: \(reason). Delete it to have the folder read anew, "
        + "or ingest the data again with --replace."
    case .pictureMissing(let path):
      "'\(path)' is listed in the manifest but is not there. Restore it, or ingest the data again."
    case .pictureChanged(let path, let expected, let actual):
      "'\(path)' is not the file of the manifest: expected \(expected), found \(actual). "
        + "Restore it, or ingest the data again."
    case .wrongDigest(let path, let expected, let actual):
      "'\(path)' is not the expected file: its SHA-256 is \(actual), expected was \(expected). Fetch it again."
    case .notADataSet(let path):
      "'\(path)' exists and is not a data set that nefro made, so it is left alone. Choose another folder, or remove it."
    case .differentDataSet(let path, let existing, let new):
      "'\(path)' holds the data set of '\(existing)', or another selection of it; it is not replaced by '\(new)' unless "
        + "told so. Choose another folder, or say --replace."
    case .sourceAndDestinationOverlap(let source, let destination):
      "The source '\(source)' and the data set's folder '\(destination)' lie in each other. Choose another folder."
    case .sharedFolder(let path, let other):
      path == other
        ? "'\(path)' is named twice. Name each data set once."
        : "'\(path)' lies in '\(other)', which is named as well, so its pictures would count twice. Name one of the two."
    case .invalidSetting(let key, let value, let allowed):
      "\(key) is \(value); allowed is \(allowed)."
    case .tooFewSeries(let className, let series, let needed, let purpose):
      "Class '\(className)' has \(series) series of pictures and \(purpose) needs \(needed). Add pictures of other "
        + "patients, or ask for fewer parts."
    case .tooFewPictures(let className, let pictures):
      "Class '\(className)' has \(pictures) pictures, too few for every part of the split to get one. "
        + "Add pictures, or choose other fractions."
    }
  }
}
