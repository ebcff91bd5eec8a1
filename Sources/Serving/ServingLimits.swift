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
  /// Seconds from the beginning of an answer until the client has taken it, or of a piece of a stream of events.
  public var answerSeconds: Int64 = 60
  /// Seconds for answers that are under way when the server is told to stop; then they are given up.
  public var drainSeconds: Int64 = 60
  /// Seconds that giving up may take; then the process ends, whatever hangs.
  public var cancellationSeconds: Int64 = 15
  /// Seconds after which a stream of events looks whether its client is there and its token is still valid.
  public var pulseSeconds: Int64 = 5
  /// Bytes of a body that brings pictures, and of each picture's file. Other bodies have 16 KiB.
  public var bodyBytes = 64 << 20
  /// Width times height, checked against the header of the picture before it is decoded.
  public var picturePixels = 16_000_000
  /// Pictures in one request; more are refused with 413.
  public var picturesOfRequest = 512
  /// Pictures that may wait for the network, those counted whose request is still being read: a place for one is taken
  /// when the request is let in, the others when its pictures are counted.
  public var waitingPictures = 1024
  /// Explanations that may wait for their turn: there is one after each pass.
  public var waitingExplanations = 8
  /// Requests for answers that may be under way, whether their pictures are read, decoded or wait.
  public var requests = 64
  /// Bytes of bodies, of what is taken out of them, and of pictures, that may be in memory at a time.
  ///
  /// Seven times the largest body: that of 512 slices of 512 x 512 pixels in colour, and their pixels. One that brings
  /// the largest picture in JSON has a good two copies of its bytes and ten bytes a pixel while it is decoded.
  public var memoryBytes = 448 << 20
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
