import KidneyData
import Testing

@Suite struct NumberedNameTests {
  @Test(
    arguments: [
      ("Normal- (12).jpg", "Normal- (", 12), ("10.png", "", 10), ("IM-0001-0023.jpg", "IM-0001-", 23),
      ("slice007.png", "slice", 7), ("p3_slice12_left.png", "p3_slice", 12), ("a.b.2.jpg", "a.b.", 2),
      ("999999999999999999.png", "", 999_999_999_999_999_999),
    ] as [(String, String, Int)])
  func `the last number of a name is its place`(name: String, prefix: String, number: Int) {
    #expect(NumberedName(name).prefix == prefix)
    #expect(NumberedName(name).number == number)
  }

  @Test(arguments: ["kidney.png", "", ".png", "1234567890123456789.png", "٣.png"])
  func `a name without a usable number has none`(name: String) {
    #expect(NumberedName(name).number == nil)
  }
}
