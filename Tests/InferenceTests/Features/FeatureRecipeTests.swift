import Foundation
import Inference
import Testing

@Suite struct FeatureRecipeTests {
  @Test func `it survives JSON, and reads as words`() throws {
    let recipe = FeatureModels.recipe
    let json = try JSONEncoder().encode(recipe)
    #expect(try JSONDecoder().decode(FeatureRecipe.self, from: json) == recipe)
    let text = String(decoding: json, as: UTF8.self)
    for word in ["\"mean\"", "\"deviation\"", "\"deviation of 4x4 cells\"", "\"2x2 cells\"", "\"positions\""] {
      #expect(text.contains(word), "\(word) in \(text)")
    }
  }

  @Test(arguments: ["median", "0x0 cells", "65x65 cells", "2x3 cells", "deviation of 7 cells", ""])
  func `a statistic that is none is refused`(_ statistic: String) {
    let json = Data(#"{"blocks": [{"layer": "pool1", "statistic": "\#(statistic)"}]}"#.utf8)
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(FeatureRecipe.self, from: json) }
  }

  @Test func `the identity tells recipes apart`() {
    var other = FeatureModels.recipe
    other.blocks.swapAt(0, 5)
    var third = FeatureModels.recipe
    third.blocks[2].statistic = .cellDeviation(3)
    #expect(Set([FeatureModels.recipe, other, third].map(\.identity)).count == 3)
    let short = FeatureRecipe(blocks: [.init(layer: "block3_pool", statistic: .cellDeviation(7))])
    #expect(short.identity == "root of block3_pool deviation of 7x7 cells, v1")
  }
}
