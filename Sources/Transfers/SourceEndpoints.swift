import Foundation

/// The base addresses of the services that sources name, so that tests and mirrors can put others there.
public struct SourceEndpoints: Sendable, Equatable {
  /// Asked first for a shared file.
  public var googleDrive: URL
  /// Where Google Drive serves contents and confirmation forms.
  public var googleDriveContent: URL
  /// The root of Kaggle's API.
  public var kaggle: URL

  public init(
    googleDrive: URL = URL(string: "https://drive.google.com")!,
    googleDriveContent: URL = URL(string: "https://drive.usercontent.google.com")!,
    kaggle: URL = URL(string: "https://www.kaggle.com/api/v1")!
  ) {
    self.googleDrive = googleDrive
    self.googleDriveContent = googleDriveContent
    self.kaggle = kaggle
  }
}
