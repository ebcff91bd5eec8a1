import MedicalImages
import Testing

struct ContactSheetTests {
  private func even(_ value: UInt8, width: Int = 20, height: Int = 20) -> Picture {
    Picture(width: width, height: height, channels: 1, pixels: Array(repeating: value, count: width * height))
  }

  private func pixel(_ sheet: Picture, _ x: Int, _ y: Int) -> UInt8 { sheet.pixels[3 * (y * sheet.width + x)] }

  @Test func `pictures stand in reading order, with margins, captions and a title`() {
    let sheet = ContactSheet.make(
      pictures: [(even(100), "a"), (even(150), "b"), (even(200), "c")], columns: 2, cell: 40, title: "T")
    // Margins of 6; the title takes 18 + 6, a row 40 + 3 + 9 + 6.
    #expect(sheet.width == 6 + 2 * 46)
    #expect(sheet.height == 6 + 24 + 2 * 58)
    #expect(sheet.channels == 3)
    #expect(pixel(sheet, 6, 30) == 100 && pixel(sheet, 45, 69) == 100)
    #expect(pixel(sheet, 52, 30) == 150)
    #expect(pixel(sheet, 6, 30 + 58) == 200)
    #expect(pixel(sheet, 0, 0) == 32 && pixel(sheet, 60, 30 + 58) == 32)
    #expect(pixel(sheet, 6, 6) == 255)  // the T's upper left dot
  }

  @Test func `without captions and title no room is kept for them`() {
    let sheet = ContactSheet.make(pictures: [(even(9), "")], columns: 8, cell: 16)
    #expect(sheet.width == 28 && sheet.height == 28)
  }

  @Test func `long captions are shortened to their cell`() {
    let long = ContactSheet.make(pictures: [(even(0), "Kidney_Tumor_0001")], columns: 1, cell: 40)
    let short = ContactSheet.make(pictures: [(even(0), "Kidn..")], columns: 1, cell: 40)
    #expect(long == short)  // 6 letters of 6 pixels less the last gap are 35; a seventh would make 41
  }

  @Test func `no picture gives an empty sheet`() {
    let sheet = ContactSheet.make(pictures: [], columns: 3, cell: 16, title: "none")
    #expect(sheet.width == 28 && sheet.height == 30)
  }
}
