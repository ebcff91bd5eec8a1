import Digests
import Foundation
import LocalFiles
import MedicalImages
import ParallelWork
import RandomStreams

/// A data set of drawn patients: class folders of JPEG slices with a manifest that names the patient of each.
///
/// It stands in for real slices where there are none: in the demonstration, and in tests that need to know the truth.
public enum SyntheticHospital {
  /// Draws a hospital into a new folder.
  ///
  /// The folder gets `CLASS/CLASS- (N).jpg`, numbered so that a patient's slices follow each other, as in the public
  /// data set; `nefro-manifest.json`; `synthetic-slices.json` (patient, plane and position of each picture); and
  /// `copies.json`. Everything is made in a temporary folder beside it and renamed at the end. A folder that holds the
  /// same hospital already is left as it is.
  ///
  /// - Parameters:
  ///   - replace: whether another data set in `folder` may be replaced.
  ///   - progress: called from any thread, one call at a time, with the pictures drawn so far and all there will be.
  /// - Returns: the manifest.
  /// - Throws: `KidneyDataError.invalidSetting` for an option out of range, `.notADataSet` or `.differentDataSet` for
  ///   what is in `folder`, `LocalFileError` for the disk.
  @discardableResult
  public static func generate(
    to folder: URL, options: SyntheticHospitalOptions = SyntheticHospitalOptions(), replace: Bool = false,
    progress: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil
  ) throws -> DataManifest {
    try options.validate()
    WorkFolder.sweep(folder)
    if let existing = try existing(at: folder) {
      if existing.source == options.sourceName {
        try DataSet(root: folder, manifest: existing).verify(.sizes)
        return existing
      }
      guard replace else {
        throw KidneyDataError.differentDataSet(path: folder.path, existing: existing.source, new: options.sourceName)
      }
    }
    let work = try WorkFolder(for: folder)
    let made = work.url.appending(path: "made")
    for finding in options.classes { try AtomicFile.createFolder(made.appending(path: finding.rawValue)) }

    let plan = HospitalPlan(options)
    let records = try drawSlices(of: plan, options: options, into: made, progress: progress)
    let copies = try CopyWriter(options: options, folder: made, originals: records).write()
    let manifest = try DataManifest(source: options.sourceName, pictures: records + copies.records)
    try SyntheticRecords.save(
      SyntheticSliceList(seed: options.seed, slices: plan.slices),
      to: made.appending(path: SyntheticSliceList.fileName))
    try SyntheticRecords.save(
      PlantedCopyList(copies: copies.copies), to: made.appending(path: PlantedCopyList.fileName))
    try manifest.save(to: made)
    try work.publish(made)
    return manifest
  }

  /// The name of a patient in the manifest.
  public static func patientName(_ number: Int) -> String {
    let digits = String(number)
    return "P" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  /// The path of the `number`th picture of a class, named as in the public data set.
  static func path(of finding: SyntheticFinding, number: Int) -> String {
    "\(finding.rawValue)/\(finding.rawValue)- (\(number)).jpg"
  }

  private static func drawSlices(
    of plan: HospitalPlan, options: SyntheticHospitalOptions, into folder: URL,
    progress: (@Sendable (Int, Int) -> Void)?
  ) throws -> [PictureRecord] {
    let total = plan.slices.count
    return try parallelMap(total, finished: { progress?($0, total) }) { index in
      let slice = plan.slices[index]
      let patient = plan.patient(of: slice)
      var picture = patient.picture(plane: slice.plane, position: slice.position, size: slice.size)
      if slice.isMarked {
        var stream = RandomStream(seed: options.seed, RandomStream.number(of: "marks"), UInt64(index))
        picture = PictureMarks.draw(
          on: picture, spacing: patient.spacing(plane: slice.plane, size: slice.size), window: patient.window,
          from: &stream)
      }
      let data = try PictureWriter.jpeg(picture, quality: options.quality)
      return try PictureFile.write(
        data, of: picture, to: folder, path: slice.path, className: slice.finding.rawValue,
        patient: patientName(slice.patient), site: slice.site.rawValue, copyOf: nil)
    }
  }

  /// - Throws: `KidneyDataError.notADataSet` if the folder holds anything that is no data set.
  private static func existing(at folder: URL) throws -> DataManifest? {
    guard FileManager.default.fileExists(atPath: folder.path) else { return nil }
    if FileManager.default.fileExists(atPath: folder.appending(path: DataManifest.fileName).path) {
      return try DataManifest.load(from: folder)
    }
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path), names.isEmpty else {
      throw KidneyDataError.notADataSet(path: folder.path)
    }
    return nil
  }
}

/// Writes one picture's file and describes it.
enum PictureFile {
  static func write(
    _ data: Data, of picture: Picture, to folder: URL, path: String, className: String, patient: String?, site: String?,
    copyOf: String?
  ) throws -> PictureRecord {
    let url = folder.appending(path: path)
    do {
      // The whole folder is flushed and renamed at the end, so that this file need not be.
      try data.write(to: url)
    } catch {
      throw LocalFileError.cannotWrite(path: url.path, reason: error.localizedDescription)
    }
    return PictureRecord(
      path: path, className: className, byteCount: data.count, sha256: ContentDigest(of: data), width: picture.width,
      height: picture.height, mode: picture.channels == 1 ? "L" : "RGB", patient: patient, site: site, copyOf: copyOf)
  }
}
