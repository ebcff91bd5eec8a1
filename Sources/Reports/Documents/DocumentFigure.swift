import Foundation

/// A figure of a document with its caption.
public struct DocumentFigure: Sendable, Equatable {
  /// What a figure shows.
  public enum Content: Sendable, Equatable {
    /// A drawing of ours, as one `svg` element.
    case drawing(SVGDrawing)
    /// Pictures side by side.
    case pictures([EmbeddedPicture])
  }

  public var content: Content
  public var caption: InlineText

  public init(_ drawing: SVGDrawing, caption: InlineText) {
    content = .drawing(drawing)
    self.caption = caption
  }

  public init(pictures: [EmbeddedPicture], caption: InlineText) {
    content = .pictures(pictures)
    self.caption = caption
  }
}

/// An SVG element of ours, whole. Only this module makes one.
public struct SVGDrawing: Sendable, Equatable {
  /// The element's text.
  public let svg: String

  /// - Parameters:
  ///   - title: what the drawing shows, for who does not see it.
  ///   - body: its elements, every text in them escaped.
  init(title: String, width: Double, height: Double, body: String) {
    svg = SVGText.element(title: title, width: width, height: height, body: body)
  }
}

/// A picture that a page holds in itself.
public struct EmbeddedPicture: Sendable, Equatable {
  /// The file format, as its media type.
  public enum Format: String, Sendable {
    case jpeg = "image/jpeg"
    case png = "image/png"
  }

  public var format: Format
  /// The picture file's bytes.
  public var content: Data
  /// For who does not see it.
  public var description: String
  /// Width and height on the page, in CSS pixels.
  public var width: Int
  public var height: Int

  public init(_ format: Format, _ content: Data, width: Int, height: Int, description: String = "") {
    self.format = format
    self.content = content
    self.width = width
    self.height = height
    self.description = description
  }

  func described(_ description: String) -> EmbeddedPicture {
    var picture = self
    picture.description = description
    return picture
  }

  var address: String { "data:\(format.rawValue);base64,\(content.base64EncodedString())" }
}
