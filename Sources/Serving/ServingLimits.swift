import MedicalImages

/// How much one request, one connection and all of them together may ask of this machine.
public struct ServingLimits: Sendable {
  /// Number of header fields.
  public var headerFields = 100
  /// Bytes of all header fields together.
  public var headerBytes = 32 << 10
  /// Seconds until a header is whole, and that a connection may do nothing.
  public var idleSeconds: Int64 = 20
  /// Seconds from a header until its body is whole.
  public var bodySeconds: Int64 = 60
  /// Seconds from the beginning of an answer until the client has taken it.
  public var answerSeconds: Int64 = 60
  /// Seconds for answers that are under way when the server is told to stop.
  public var drainSeconds: Int64 = 60
  /// Bytes of a body that brings pictures, and of each picture's file. Other bodies have 16 KiB.
  public var bodyBytes = 64 << 20
  /// Width times height, checked against the header of the picture before it is decoded.
  public var picturePixels = 16_000_000
  /// Pictures in one request; more are refused with 413.
  public var picturesOfRequest = 512
  /// Pictures that may wait for the network; a request that comes when so many do is refused.
  public var waitingPictures = 64
  /// Requests for answers that may be under way, whether their pictures are read, decoded or wait.
  public var requests = 64
  /// Bytes of bodies and decoded pictures that may be in memory at a time.
  public var memoryBytes = 512 << 20
  /// Bytes of pictures that are kept for explanations.
  public var keptPictureBytes = 64 << 20
  /// Connections that may be open at a time; more wait until one is closed.
  public var connections = 4096
  /// Pictures that share a pass through the network.
  public var batch = 8

  /// The limits as they stand above.
  public init() {}

  var pictures: PictureLimits {
    PictureLimits(maximumPixels: picturePixels, maximumFileBytes: bodyBytes, maximumScans: 100)
  }
}
