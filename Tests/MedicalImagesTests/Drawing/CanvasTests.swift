import MedicalImages
import Testing

struct CanvasTests {
  /// Rows of a canvas as text: "#" where a pixel is not black.
  private func rows(_ canvas: Canvas) -> [String] {
    (0..<canvas.height).map { row in
      String(
        (0..<canvas.width).map { canvas.picture.pixels[3 * (row * canvas.width + $0)] > 0 ? "#" : "." as Character })
    }
  }

  @Test func `a rectangle is filled, and what lies outside is left out`() {
    var canvas = Canvas(width: 5, height: 4)
    canvas.fill(x: 1, y: 1, width: 2, height: 2, with: .white)
    #expect(rows(canvas) == [".....", ".##..", ".##..", "....."])
    canvas.fill(x: -3, y: 3, width: 4, height: 9, with: .white)
    canvas.fill(x: 4, y: -2, width: 9, height: 3, with: .white)
    canvas.fill(x: 9, y: 9, width: 2, height: 2, with: .white)
    canvas.fill(x: -9, y: -9, width: 2, height: 2, with: .white)
    #expect(rows(canvas) == ["....#", ".##..", ".##..", "#...."])
  }

  @Test func `colours are kept`() {
    let canvas = Canvas(width: 1, height: 1, background: Color(red: 1, green: 2, blue: 3))
    #expect(canvas.picture == Picture(width: 1, height: 1, channels: 3, pixels: [1, 2, 3]))
  }

  @Test func `letters are drawn dot by dot`() {
    var canvas = Canvas(width: 11, height: 7)
    canvas.text("1L", x: 0, y: 0)
    #expect(
      rows(canvas) == [
        "..#...#....", ".##...#....", "..#...#....", "..#...#....", "..#...#....", "..#...#....", ".###..#####",
      ])
    var large = Canvas(width: 22, height: 14)
    large.text("1L", x: 0, y: 0, scale: 2)
    #expect(rows(large)[13] == "..######....##########")
    #expect(Canvas.textWidth("1L") == 11 && Canvas.textWidth("1L", scale: 2) == 22 && Canvas.textWidth("") == 0)
  }

  @Test func `every printable character has a drawing of its own`() {
    let drawings = (0x20...0x7E).map { code in
      var canvas = Canvas(width: 5, height: 9)
      canvas.text(String(UnicodeScalar(UInt8(code))), x: 0, y: 0)
      return rows(canvas)
    }
    #expect(Set(drawings).count == 95)
    #expect(drawings[0] == Array(repeating: ".....", count: 9))
  }

  @Test func `an accent is left out, and what has no drawing is a box`() {
    func drawing(_ text: String) -> [String] {
      var canvas = Canvas(width: 5, height: Canvas.textHeight())
      canvas.text(text, x: 0, y: 0)
      return rows(canvas)
    }
    #expect(drawing("ñ") == drawing("n"))
    #expect(drawing("É") == drawing("E"))
    #expect(drawing("腎") == ["#####", "#...#", "#...#", "#...#", "#...#", "#...#", "#####", ".....", "....."])
  }

  @Test func `a picture is drawn with its proportions, in the middle`() {
    let wide = Picture(width: 4, height: 2, channels: 1, pixels: Array(repeating: 9, count: 8))
    var canvas = Canvas(width: 6, height: 6)
    canvas.draw(wide, x: 1, y: 1, width: 4, height: 4)
    #expect(rows(canvas) == ["......", "......", ".####.", ".####.", "......", "......"])
    var thin = Canvas(width: 4, height: 4)
    thin.draw(
      Picture(width: 1, height: 900, channels: 1, pixels: Array(repeating: 9, count: 900)), x: 0, y: 0, width: 4,
      height: 4)
    #expect(rows(thin) == [".#..", ".#..", ".#..", ".#.."])
  }

  @Test func `pixels land where they belong, cut at the border`() {
    let picture = Picture(width: 2, height: 2, channels: 1, pixels: [10, 20, 30, 40])
    var canvas = Canvas(width: 2, height: 2)
    canvas.draw(picture, x: 1, y: 1)
    #expect(canvas.picture.pixels == [0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 10, 10])
    canvas.draw(picture, x: -1, y: -1)
    #expect(canvas.picture.pixels == [40, 40, 40, 0, 0, 0, 0, 0, 0, 10, 10, 10])
  }
}
