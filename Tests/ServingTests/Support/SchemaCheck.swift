import Foundation
import Serving

/// Holds values against the part of JSON Schema that the document uses.
struct SchemaCheck {
  let document: JSONValue

  /// What is wrong with a value, each with its place; empty if nothing is.
  func faults(of value: JSONValue, as schema: JSONValue, at place: String = "$") -> [String] {
    if case .string(let reference) = schema["$ref"] {
      var target: JSONValue? = document
      for name in reference.dropFirst(2).split(separator: "/") { target = target?[String(name)] }
      guard let target else { return ["\(place): no schema \(reference)"] }
      return faults(of: value, as: target, at: place)
    }
    if case .array(let choices) = schema["anyOf"] {
      return choices.contains { self.faults(of: value, as: $0, at: place).isEmpty } ? [] : ["\(place): no choice fits"]
    }
    var faults: [String] = []
    if case .array(let known) = schema["enum"], !known.contains(value) { faults.append("\(place): not in the list") }
    var type: String?
    if case .string(let name) = schema["type"] { type = name }
    switch (type, value) {
    case ("object", .object(let fields)): faults += self.faults(of: fields, as: schema, at: place)
    case ("array", .array(let items)):
      guard let item = schema["items"] else { break }
      faults += items.enumerated().flatMap { self.faults(of: $1, as: item, at: "\(place)[\($0)]") }
    case ("string", .string(let text)):
      if case .string(let pattern) = schema["pattern"], text.range(of: pattern, options: .regularExpression) == nil {
        faults.append("\(place): '\(text)' does not match \(pattern)")
      }
    case ("integer", .integer(let number)): faults += range(Double(number), schema, place)
    case ("number", .integer(let number)): faults += range(Double(number), schema, place)
    case ("number", .number(let number)): faults += range(number, schema, place)
    case ("boolean", .bool), (nil, _): break
    default: faults.append("\(place): wrong type")
    }
    return faults
  }

  private func faults(of fields: [String: JSONValue], as schema: JSONValue, at place: String) -> [String] {
    var faults: [String] = []
    if case .array(let required) = schema["required"] {
      for case .string(let name) in required where fields[name] == nil { faults.append("\(place): no '\(name)'") }
    }
    for (name, value) in fields {
      if let property = schema["properties"]?[name] {
        faults += self.faults(of: value, as: property, at: "\(place).\(name)")
      } else if schema["additionalProperties"] == false {
        faults.append("\(place): '\(name)' is not known")
      } else if let others = schema["additionalProperties"], others != true {
        faults += self.faults(of: value, as: others, at: "\(place).\(name)")
      }
    }
    return faults
  }

  private func range(_ number: Double, _ schema: JSONValue, _ place: String) -> [String] {
    func bound(_ key: String) -> Double? {
      switch schema[key] {
      case .integer(let value): Double(value)
      case .number(let value): value
      default: nil
      }
    }
    if let least = bound("minimum"), number < least { return ["\(place): \(number) is below \(least)"] }
    if let most = bound("maximum"), number > most { return ["\(place): \(number) is above \(most)"] }
    return []
  }
}
