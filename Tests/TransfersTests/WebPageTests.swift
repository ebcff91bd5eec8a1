import Foundation
import RandomStreams
import Testing
import Transfers

struct WebPageTests {
  private let form = """
    <!DOCTYPE html><html><head><title>Google Drive - Virus scan warning</title></head><body>
    <!-- <form id="download-form" action="https://evil.example/"> -->
    <form action="/search"><input name="q" value="x"></form>
    <form id="download-form" action="https://content.example/download?authuser=0&amp;x=1" method="get">
    <input type="submit" id="uc-download-link" value="Download anyway"/>
    <input type="hidden" name="id" value="FILE_ID-1"><input type="hidden" name='export' value='download'>
    <INPUT TYPE=hidden NAME=confirm VALUE=t><input type="hidden" name="uuid" value="a b&amp;c&#39;d&#x2F;e">
    <input name="x" value="2"></form><input name="outside" value="1"></body></html>
    """

  private func page(_ html: String) throws -> WebPage {
    WebPage(url: try #require(URL(string: "https://content.example/uc?id=1")), status: 200, html: html)
  }

  @Test func `a form leads to its action with its fields`() throws {
    let address = try #require(try page(form).formAddress(id: "download-form"))
    let parts = try #require(URLComponents(url: address, resolvingAgainstBaseURL: true))
    #expect(parts.host == "content.example" && parts.path == "/download")
    let items = try #require(parts.queryItems)
    #expect(
      items == [
        URLQueryItem(name: "authuser", value: "0"), URLQueryItem(name: "id", value: "FILE_ID-1"),
        URLQueryItem(name: "export", value: "download"), URLQueryItem(name: "confirm", value: "t"),
        URLQueryItem(name: "uuid", value: "a b&c'd/e"), URLQueryItem(name: "x", value: "2"),
      ])
  }

  @Test(arguments: [
    "<form>", "<form id=download-form>", "<form id=other action=/x>", "", "<", "<form id='download-form", "<!--",
  ])
  func `without the form there is no address`(_ html: String) throws {
    #expect(try page(html).formAddress(id: "download-form") == nil)
  }

  @Test func `an action may be relative`() throws {
    let address = try page("<form id=download-form action='/d'><input name=a value=b>").formAddress(id: "download-form")
    #expect(address?.absoluteString == "https://content.example/d?a=b")
  }

  /// Cut at every byte, and with bits turned over: the parser ends, and what it finds is a well-formed address.
  @Test func `a damaged page is survived`() throws {
    let bytes = Array(form.utf8)
    var damaged = (0...bytes.count).map { Array(bytes[..<$0]) }
    let seed: UInt64 = 20_261_124
    var stream = RandomStream(seed: seed, path: [1])
    for _ in 0..<2000 {
      var copy = bytes
      for _ in 0..<4 { copy[stream.index(below: copy.count)] ^= 1 << UInt8(stream.index(below: 8)) }
      damaged.append(copy)
    }
    for bytes in damaged {
      let page = try page(String(decoding: bytes, as: UTF8.self))
      _ = page.title
      if let address = page.formAddress(id: "download-form") {
        #expect(URL(string: address.absoluteString) != nil, "seed \(seed)")
      }
    }
  }

  @Test func `a long page of nothing but open tags takes no long time`() throws {
    let html = "<form id=download-form action=/x>" + String(repeating: "<input name=a value='", count: 50_000)
    #expect(try page(html).formAddress(id: "download-form") != nil)
    #expect(try page(String(repeating: "<!--", count: 250_000)).formAddress(id: "download-form") == nil)
  }

  @Test func `titles are read`() throws {
    #expect(try page("<TITLE lang=en>\n Sign in &amp;\n wait </TITLE>").title == "Sign in & wait")
    #expect(try page("<title></title>").title == nil)
    #expect(try page("no title").title == nil)
    #expect(try page("<title>\(String(repeating: "x", count: 500))</title>").title?.count == 120)
  }

  @Test(
    arguments: [
      ("<!DOCTYPE html>", nil, true), ("\u{FEFF}\r\n  <HTML lang='en'>", "application/zip", true),
      ("Sorry", "text/html; charset=utf-8", true), ("", "text/html", true), ("<p>é", "TEXT/HTML", true),
      ("Sorry", "text/plain", false), ("PK\u{3}\u{4}<html>", "text/html", false), ("", nil, false),
      ("{\"a\": 1}", "application/json", false), ("<?xml version='1.0'?><svg>", "image/svg+xml", false),
    ] as [(String, String?, Bool)])
  func `pages are told from files`(_ text: String, _ type: String?, _ isPage: Bool) {
    #expect(WebPage.isPage(prefix: Array(text.utf8), contentType: type) == isPage)
  }

  @Test(arguments: [
    ("a&amp;b", "a&b"), ("&lt;&gt;&quot;&apos;", "<>\"'"), ("&#65;&#x42;&#X43;", "ABC"),
    ("&nothing; & &", "&nothing; & &"),
    ("&amp", "&amp"), ("&#1114112;&#xD800;&#;&#x;", "&#1114112;&#xD800;&#;&#x;"), ("&amp;amp;", "&amp;"),
  ])
  func `character references are decoded`(_ text: String, _ expected: String) {
    #expect(HTMLTag.decode(text) == expected)
  }
}
