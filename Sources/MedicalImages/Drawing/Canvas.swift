/// A colour of a drawing: red, green, blue, 0…255.
public struct Color: Hashable, Sendable {
  public var red: UInt8
  public var green: UInt8
  public var blue: UInt8

  public init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  public init(grey: UInt8) {
    self.init(red: grey, green: grey, blue: grey)
  }

  public static let black = Color(grey: 0)
  public static let white = Color(grey: 255)
}

/// A small surface to draw on: rectangles, pictures and captions. What lies outside is left out.
///
/// Places are in pixels from the upper left corner.
public struct Canvas: Sendable {
  /// What has been drawn so far; three channels.
  public private(set) var picture: Picture

  public var width: Int { picture.width }
  public var height: Int { picture.height }

  public init(width: Int, height: Int, background: Color = .black) {
    precondition(width > 0 && height > 0, "a canvas has at least one pixel")
    picture = Picture(
      width: width, height: height, channels: 3, pixels: [UInt8](repeating: 0, count: width * height * 3))
    fill(x: 0, y: 0, width: width, height: height, with: background)
  }

  /// Fills a rectangle.
  public mutating func fill(x: Int, y: Int, width: Int, height: Int, with color: Color) {
    let columns = max(x, 0)..<max(min(x + width, self.width), max(x, 0))
    for row in max(y, 0)..<max(min(y + height, self.height), max(y, 0)) {
      for column in columns { set(row: row, column: column, color) }
    }
  }

  /// Draws a picture as large as fits a rectangle without changing its proportions, in the rectangle's middle.
  public mutating func draw(_ drawn: Picture, x: Int, y: Int, width: Int, height: Int) {
    precondition(width > 0 && height > 0, "a place for a picture has at least one pixel")
    let scale = min(Double(width) / Double(drawn.width), Double(height) / Double(drawn.height))
    let scaled = drawn.resized(
      width: min(max(Int((Double(drawn.width) * scale).rounded()), 1), width),
      height: min(max(Int((Double(drawn.height) * scale).rounded()), 1), height), by: .bilinear)
    draw(scaled, x: x + (width - scaled.width) / 2, y: y + (height - scaled.height) / 2)
  }

  /// Draws a picture pixel for pixel.
  public mutating func draw(_ drawn: Picture, x: Int, y: Int) {
    let source = drawn.rgb()
    for row in max(y, 0)..<max(min(y + source.height, height), max(y, 0)) {
      for column in max(x, 0)..<max(min(x + source.width, width), max(x, 0)) {
        let index = 3 * ((row - y) * source.width + column - x)
        set(
          row: row, column: column,
          Color(red: source.pixels[index], green: source.pixels[index + 1], blue: source.pixels[index + 2]))
      }
    }
  }

  /// Writes one line of text in the built-in font; (x, y) is its upper left corner.
  ///
  /// - Parameter scale: pixels a dot; a letter is 5 x 7 dots, 9 high with what reaches below the line, and the next one
  ///   begins 6 dots further right.
  public mutating func text(_ text: String, x: Int, y: Int, color: Color = .white, scale: Int = 1) {
    precondition(scale > 0, "a dot has at least one pixel")
    var left = x
    for character in text {
      for (row, dots) in BitmapFont.rows(of: character).enumerated() {
        for column in 0..<BitmapFont.glyphWidth where dots >> UInt8(BitmapFont.glyphWidth - 1 - column) & 1 == 1 {
          fill(x: left + column * scale, y: y + row * scale, width: scale, height: scale, with: color)
        }
      }
      left += (BitmapFont.glyphWidth + 1) * scale
    }
  }

  /// In pixels, without the gap after the last letter.
  public static func textWidth(_ text: String, scale: Int = 1) -> Int {
    max(0, text.count * (BitmapFont.glyphWidth + 1) - 1) * scale
  }

  /// In pixels, with what reaches below the line.
  public static func textHeight(scale: Int = 1) -> Int { BitmapFont.glyphHeight * scale }

  private mutating func set(row: Int, column: Int, _ color: Color) {
    let index = 3 * (row * picture.width + column)
    picture.pixels[index] = color.red
    picture.pixels[index + 1] = color.green
    picture.pixels[index + 2] = color.blue
  }
}
