"""Walks through the pages of a running `nefro serve` in headless Chromium, as a person would, and fails where one could not.

    python page_walk.py --url http://127.0.0.1:8080 --token nefro_... [--shots FOLDER] PICTURE PICTURE ...

At least three pictures, and an operator's token. Every page is judged by axe (WCAG 2 A and AA) at a desk's and a phone's width, light and dark, in both
languages, and the browser's console must stay free of errors, such as broken rules of the Content-Security-Policy.
"""

import argparse
import base64
import json
import os
import pathlib
import re
import tempfile

from axe_selenium_python import Axe
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

PATIENCE = 120

# A camera's note that the picture is to be turned by a quarter (EXIF orientation 6).
TURNED = (b"\xff\xe1\x00\x22Exif\x00\x00MM\x00*\x00\x00\x00\x08"
          b"\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00")

# A JPEG of 96 x 64 pixels, drawn by the browser.
DRAWN = """
const done = arguments[0], canvas = document.createElement("canvas");
[canvas.width, canvas.height] = [96, 64];
const pen = canvas.getContext("2d");
pen.fillRect(0, 0, 96, 64);
pen.fillStyle = "#bbb";
pen.fillRect(0, 0, 48, 32);
done(canvas.toDataURL("image/jpeg", 1).split(",")[1]);
"""

# A file handed over by script, since no file manager is there to drag it from.
HAND_OVER = """
const [kind, content, name, type] = arguments;
const bytes = Uint8Array.from(atob(content), (one) => one.charCodeAt(0));
const transfer = new DataTransfer();
transfer.items.add(new File([bytes], name, { type }));
const field = kind === "drop" ? "dataTransfer" : "clipboardData";
const event = new (kind === "drop" ? DragEvent : ClipboardEvent)(kind, { [field]: transfer, bubbles: true, cancelable: true });
document.getElementById("drop").dispatchEvent(event);
"""


# What stays in English of a card on a page in Spanish.
CARD = """
const [source, done] = arguments;
Promise.all([import("/assets/markdown.js"), import("/assets/sentences.js")]).then(([{ markdown }, { Sentences }]) => {
  const own = new Sentences("card-sentences");
  const blocks = markdown(source, (words) => own.known(words), { titles: { "En español": "es" } });
  done(blocks.flatMap((one) => [...one.querySelectorAll("[lang=en]")].map((left) => left.textContent)));
});
"""


class Walk:
    # Refusals that the walk provokes are answers, not mistakes of the page.
    provoked = (r"sign-in.* 403 |models/card.* 404 |/predictions.* 4(00|01|15) |/nowhere.* 404 "
                r"|/predictions.*ERR_INTERNET_DISCONNECTED")

    def __init__(self, options):
        self.url, self.token, self.shots = options.url.rstrip("/"), options.token, options.shots
        self.pictures = [picture.resolve() for picture in getattr(options, "pictures", [])]
        if self.shots:
            self.shots.mkdir(parents=True, exist_ok=True)
        settings = webdriver.ChromeOptions()
        for one in ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars", "--lang=en"]:
            settings.add_argument(one)
        settings.add_experimental_option("prefs", {"intl.accept_languages": "en"})
        self.driver = webdriver.Chrome(
            options=settings, service=webdriver.ChromeService(executable_path="/usr/bin/chromedriver"))
        self.faults = []

    # What a person sees and does

    def open(self, path):
        self.driver.get(self.url + path)

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def until(self, condition, what):
        WebDriverWait(self.driver, PATIENCE, ignored_exceptions=(Exception,)).until(lambda _: condition(), what)

    def on_moving_page(self, look, what):
        """What `look` gives, on a page that draws its parts anew at any moment: one that was just found may be gone."""
        return WebDriverWait(self.driver, PATIENCE, ignored_exceptions=(StaleElementReferenceException,)).until(
            lambda _: (look(),), what)[0]

    def expect(self, holds, what):
        if not holds:
            self.faults.append(what)
            print("FAULT", what, flush=True)

    def slide(self, name, value):
        self.driver.execute_script(
            "const one = document.getElementById(arguments[0]); one.value = arguments[1]; one.dispatchEvent(new Event('input'))",
            name, value)

    def canvas(self):
        """What the viewer shows, after it has been drawn."""
        return self.driver.execute_async_script(
            "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => "
            "done(document.getElementById('canvas').toDataURL())))")

    def size(self, width, height, phone=False):
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride", dict(width=width, height=height, deviceScaleFactor=1, mobile=phone))

    def colours(self, scheme):
        self.driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia", dict(features=[dict(name="prefers-color-scheme", value=scheme)]))

    def judge(self, name):
        """A screenshot, axe, the width, the console."""
        if self.shots:
            self.driver.execute_script("scrollTo(0, 0)")
            picture = self.driver.execute_cdp_cmd(
                "Page.captureScreenshot", dict(format="png", captureBeyondViewport=True))
            (self.shots / f"{name}.png").write_bytes(base64.b64decode(picture["data"]))
        axe = Axe(self.driver)
        axe.inject()
        for fault in axe.run()["violations"]:
            places = [node["html"][:120] for node in fault["nodes"][:3]]
            self.expect(False, f"{name}: axe {fault['id']} ({fault['impact']}): {places}")
        wide = self.driver.execute_script("return document.documentElement.scrollWidth - innerWidth")
        self.expect(wide <= 0, f"{name}: {wide} pixels wider than the window")
        for line in self.driver.get_log("browser"):
            if line["level"] == "SEVERE" and not re.search(self.provoked, line["message"]):
                self.expect(False, f"{name}: console: {line['message'][:300]}")

    # The way

    def sign_in(self):
        self.open("/history")
        self.expect("/sign-in?next=" in self.driver.current_url, "a visitor is led to the sign-in")
        self.judge("sign-in")
        self.expect(
            self.driver.switch_to.active_element.get_attribute("id") == "token", "the token's field has the focus")
        self.driver.switch_to.active_element.send_keys("nefro_wrong", Keys.ENTER)
        self.until(lambda: self.find("[role=alert]").text, "a wrong token is told")
        self.judge("sign-in-wrong")
        self.find("#token").send_keys(self.token, Keys.ENTER)
        self.until(lambda: self.driver.current_url.endswith("/history"), "the sign-in leads back to the page")

    def predict(self):
        self.open("/")
        self.judge("predict-empty")
        self.find("#files").send_keys(str(self.pictures[0]))
        for kind, picture in zip(["drop", "paste"], self.pictures[1:]):
            self.hand_over(kind, picture.read_bytes(), picture.name)
        if self.pictures[3:]:
            self.find("#files").send_keys("\n".join(str(one) for one in self.pictures[3:]))
        self.until(
            lambda: len(self.all("#list .pick")) == len(self.pictures) and not self.all("#list .chip.waiting"),
            "every picture is answered")
        self.expect(not self.all("#list .chip.failed"), "every picture is read")

    def desk(self):
        """The page of predictions, with nothing of before on it."""
        self.open("/")
        if self.all("#list .pick"):
            self.find("#clear").click()

    def choose(self, *pictures):
        self.find("#files").send_keys("\n".join(str(one) for one in pictures))

    def answered(self, count):
        self.until(
            lambda: len(self.all("#list .pick")) == count and not self.all("#list .chip.waiting") and self.all("[data-part=json]"),
            f"{count} pictures are answered")

    def hand_over(self, kind, content, name):
        mime = "image/png" if name.endswith(".png") else "image/jpeg"
        self.driver.execute_script(HAND_OVER, kind, base64.b64encode(content).decode(), name, mime)

    def answer(self):
        self.all("#list .pick")[0].click()
        self.until(lambda: self.find("[data-part=json]"), "the answer's card")
        shown = json.loads(self.find("[data-part=json]").get_attribute("textContent"))
        kept = self.driver.execute_async_script(
            "const done = arguments[1]; fetch('/api/v1/predictions/' + arguments[0]).then((a) => a.json()).then(done)",
            shown["id"])
        self.expect(shown == kept, "the JSON view is the answer as it is kept")
        names = [one.text for one in self.all(".probability .class")]
        self.expect(sorted(names) == sorted(shown["probabilities"]), "each class has its bar")
        self.expect("Research use only" in self.find(".notice").text, "the page says what it is for")
        return shown

    def look(self):
        self.until(lambda: self.find("#canvas").get_attribute("width") != "300", "the picture is drawn")
        plain = self.canvas()
        self.slide("evidence", 60)
        self.until(lambda: "evidence" in self.find("#evidence-note").text.lower() and self.canvas() != plain, "the evidence")
        method = self.driver.execute_async_script(
            "const done = arguments[1]; fetch(arguments[0]).then((a) => done(a.headers.get('X-Explanation-Method')))",
            "/api/v1/predictions/" + json.loads(self.find("[data-part=json]").get_attribute("textContent"))["id"] + "/explanation")
        words = {"gradcam": "Grad-CAM", "contributions": "Contributions"}[method]
        self.expect(self.find("#evidence-note").text.startswith(words), "the method of the evidence is named")
        self.slide("evidence", 0)
        self.expect(self.canvas() == plain, "without evidence the picture is as before")
        self.slide("window", 60)
        self.expect(self.canvas() != plain, "window and level change the picture")
        canvas = self.find("#canvas")
        canvas.send_keys("0")
        self.expect(self.canvas() == plain, "0 brings the picture back")
        canvas.send_keys("+", Keys.ARROW_LEFT)
        self.expect(self.canvas() != plain, "keys zoom and move")
        self.find("#reset").click()

    def give_feedback(self):
        self.find("input[name=verdict][value=disagree]").click()
        self.until(lambda: self.find("#right-class").is_displayed(), "who disagrees is asked what it is")
        self.find("#note").send_keys("seen in the walk")
        self.find("[data-part=feedback] button").click()
        self.until(lambda: self.find("[data-part=sent]").text, "feedback is kept")

    def study(self):
        """Pictures that belong together go at once and get one summary."""
        self.desk()
        self.find("#as-study").click()
        self.find("#files").send_keys("\n".join(str(one) for one in self.pictures))
        self.until(lambda: self.all("#study li"), "the study's summary")
        self.judge("study")
        self.expect(len(self.all("#study li")) <= len(self.pictures), "each slice once")
        last = self.all("#study li button")[-1]
        last.click()
        self.expect(
            self.find(".pick[aria-current=true] .name").text in last.text, "a slice of the summary is shown when it is chosen")

    def study_in_between(self):
        """A study stays one when it is dropped while other pictures are on their way."""
        self.desk()
        for _ in range(3):
            self.find("#files").send_keys("\n".join(str(one) for one in self.pictures))
        self.find("#as-study").click()
        self.find("#files").send_keys("\n".join(str(one) for one in self.pictures[:3]))
        self.until(lambda: self.all("#study li"), "the study's summary")
        self.expect(len(self.all("#study li")) <= 3, "the study has its own pictures alone")
        self.until(lambda: not self.all("#list .chip.waiting"), "the others are answered as well")
        self.expect(len(self.all("#list .pick")) == 3 * len(self.pictures) + 3, "every picture has its place")

    def turned(self):
        """What a camera noted of the way up changes neither the answer nor the picture beside it."""
        self.desk()
        plain = base64.b64decode(self.driver.execute_async_script(DRAWN))
        self.hand_over("drop", plain[:2] + TURNED + plain[2:], "turned.jpg")
        self.until(lambda: self.find("[data-part=json]"), "an answer")
        shown = json.loads(self.find("[data-part=json]").get_attribute("textContent"))
        self.expect((shown["picture"]["width"], shown["picture"]["height"]) == (96, 64), "the server reads it as it is")
        self.until(lambda: self.find("#where").text.startswith("96 × 64"), "the page shows it as the server reads it")
        bright = self.driver.execute_script(
            "const c = document.getElementById('canvas'), s = Math.min(c.width / 96, c.height / 64);"
            "return [[-24, -16], [24, -16], [-24, 16]].map(([x, y]) =>"
            "  c.getContext('2d').getImageData(c.width / 2 + x * s, c.height / 2 + y * s, 1, 1).data[0] > 90)")
        self.expect(bright == [True, False, False], f"the bright corner is at the top left: {bright}")

    def broken(self):
        """A file that is no picture is told in words, and in the page's language."""
        self.desk()
        self.hand_over("drop", b"this is text, not a picture", "text.jpg")
        self.until(lambda: self.all("#list .chip.failed") and self.all("#answer [role=alert]"), "it is not read")
        said = self.find("#answer [role=alert]").text
        self.expect("text.jpg' is neither a JPEG nor a PNG" in said and "folder" not in said, f"the page says why: {said}")
        self.hand_over("drop", b"", "empty.png")
        self.until(lambda: len(self.all("#list .chip.failed")) == 2, "nor is an empty one")
        self.all("#list .pick")[1].click()
        self.until(lambda: "is empty" in self.find("#answer [role=alert]").text, "a file that is empty")
        self.expect("cannot be shown" in self.find("#instead").text, "nothing is there to be shown")
        self.judge("predict-refused")
        self.language("es")
        self.hand_over("drop", b"this is text, not a picture", "text.jpg")
        self.until(lambda: self.all("#answer [role=alert]"), "it is not read")
        self.expect("no es una imagen JPEG ni PNG" in self.find("#answer [role=alert]").text, "in Spanish as well")
        self.language("en")

    def place(self):
        """Which picture of the list is shown."""
        return self.driver.execute_script(
            "return [...document.querySelectorAll('#list .pick')].findIndex((one) => one.ariaCurrent === 'true')")

    def may_leave(self):
        return self.driver.execute_script("return dispatchEvent(new Event('beforeunload', { cancelable: true }))")

    def comes_back(self):
        """Another page, another language and a reload take nothing away that was answered."""
        self.desk()
        self.choose(*self.pictures[:2])
        self.answered(2)
        self.driver.execute_script("document.querySelector('#list .pick').focus()")
        self.choose(self.pictures[2])
        self.answered(3)
        self.expect(
            self.driver.execute_script("return document.activeElement.matches('.pick')"), "answers do not move the focus")
        self.all("#list .pick")[1].click()
        self.until(lambda: self.find("#where").text.startswith("220"), "the second picture")
        plain, told = self.canvas(), [one.text for one in self.all("#list .pick")]
        self.find("a[href='/history']").click()
        self.until(lambda: self.all("#rows tr"), "another page")
        self.driver.back()

        def as_before(how):
            self.until(lambda: [one.text for one in self.all("#list .pick")] == told, f"the list is there again {how}")
            self.until(lambda: self.place() == 1 and self.canvas() == plain, f"with the picture, pixel by pixel, {how}")

        as_before("on the way back")
        self.language("es")
        as_before("in Spanish")
        self.language("en")
        self.driver.refresh()
        as_before("after a reload")
        self.slide("evidence", 60)
        self.until(lambda: self.canvas() != plain, "and its evidence")
        Select(self.find("#filter")).select_by_value("failed")
        self.expect(self.find("#none").is_displayed() and self.find("#count").text == "0 / 3", "nothing fits, and the page says so")
        label = self.all("#filter option")[-1].get_attribute("value")
        Select(self.find("#filter")).select_by_value(label)
        self.expect(
            all(label.removeprefix("label:") in one.text for one in self.all("#list .pick") if one.is_displayed()),
            "a class can be picked out")
        self.expect(self.may_leave(), "nothing waits, so nobody is asked whether to leave")
        self.find("#clear").click()
        self.driver.refresh()
        self.expect(not self.all("#list .pick"), "what was removed does not come back")

    def offline(self, is_off):
        self.driver.execute_cdp_cmd("Network.enable", {})
        self.driver.execute_cdp_cmd(
            "Network.emulateNetworkConditions", dict(offline=is_off, latency=0, downloadThroughput=-1, uploadThroughput=-1))

    def halted(self, words):
        self.until(lambda: words in self.find("#halted").text, f"the page says '{words}'")
        self.expect(not self.all("#list .chip.failed"), "nothing is wrong with the pictures")
        self.expect(not self.may_leave(), "who leaves is asked first: pictures wait")

    def unreachable(self):
        """A server that is gone stops the line, and it goes on from there."""
        self.desk()
        self.offline(True)
        self.choose(*self.pictures[:3])
        self.halted("does not answer")
        self.judge("predict-halted")
        self.offline(False)
        self.find("#stop").click()
        self.answered(3)
        self.expect(not self.find("#progress").is_displayed(), "nothing is left of it")
        # A file that went away meanwhile is no fault of the network.
        with tempfile.TemporaryDirectory() as folder:
            passing = pathlib.Path(folder) / "passing.png"
            passing.write_bytes(self.pictures[0].read_bytes())
            self.offline(True)
            self.choose(passing)
            self.halted("does not answer")
        self.offline(False)
        self.find("#stop").click()
        self.until(lambda: self.all("#list .chip.failed"), "a file that is gone is told")
        self.expect(self.place() == 3 and "cannot be read" in self.find("#answer [role=alert]").text, "and why")

    def session_ends(self):
        """Whoever is signed out in the middle signs in elsewhere, and no picture is lost."""
        self.desk()
        self.driver.add_cookie(dict(name="nefro_session", value="0" * 64, httpOnly=True, sameSite="Strict"))
        self.choose(*self.pictures[:2])
        self.halted("session has ended")
        self.expect("/sign-in" in self.find("#halted a").get_attribute("href"), "a way to sign in")
        first = self.driver.current_window_handle
        self.driver.switch_to.new_window("tab")
        self.open("/history")
        self.until(lambda: "has ended" in self.find(".notice-box").text, "the sign-in says why one is there")
        self.judge("sign-in-ended")
        self.find("#token").send_keys(self.token, Keys.ENTER)
        self.until(lambda: self.all("#rows tr"), "signed in again")
        self.driver.close()
        self.driver.switch_to.window(first)
        self.find("#stop").click()
        self.answered(2)

    def nowhere(self):
        self.open("/nowhere")
        self.expect("nothing of that name" in self.find(".problem").text, "an address that nothing is at")
        self.judge("nowhere")

    def on_paper(self):
        """What is printed: the picture and its answer, dark on white whatever the screen's colours are."""
        self.driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia",
            dict(media="print", features=[dict(name="prefers-color-scheme", value="dark")]))
        shown = {one: self.find(one).is_displayed() for one in ["#answer .label", "#canvas", "#drop", "#tray", "#reset", ".top nav"]}
        self.expect([one for one in shown if shown[one]] == ["#answer .label", "#canvas"], f"on paper: {shown}")
        ink, paper = self.driver.execute_script(
            "const s = getComputedStyle(document.body); return [s.color, s.backgroundColor].map((one) => Number(one.match(/\\d+/)[0]))")
        self.expect(ink < 90 and paper == 255, f"dark on white: {ink} on {paper}")
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", dict(media="", features=[]))
        self.colours("light")

    def cards(self):
        """A card that is written in English is told in Spanish, all of it, on a page in Spanish."""
        self.open("/")
        self.language("es")
        self.open("/models")
        self.find("#card summary").click()
        self.until(lambda: self.all("#card-text table"), "the card")
        self.expect("Nunca se probó con imágenes de otro hospital." in self.find("#card-text").text, "it is told in Spanish")
        for card in sorted((pathlib.Path(__file__).parents[2] / "Models").glob("*.md")):
            left = self.driver.execute_async_script(CARD, card.read_text())
            self.expect(left == [], f"{card.name} has sentences without a Spanish one: {left}")
        self.language("en")

    def language(self, name):
        self.find(f"button[lang={name}]").click()
        self.until(lambda: self.find("html").get_attribute("lang") == name, "the language changes")

    def history(self, answer):
        self.open("/history")
        self.until(lambda: len(self.all("#rows tr")) >= len(self.pictures), "what was answered is listed")
        self.find("#search").send_keys("seen in the walk")
        self.until(lambda: len(self.all("#rows tr")) == 1, "a note is found")
        self.expect("search=seen" in self.driver.current_url, "the address keeps the search")
        self.find("#search").send_keys(" nothing of the kind")
        self.until(lambda: self.find("#nothing").is_displayed(), "what fits nothing is told")
        self.judge("history-nothing")
        self.find("#search").clear()
        Select(self.find("#verdict")).select_by_value("disagree")
        self.until(lambda: len(self.all("#rows tr")) == 1, "the verdict filters")
        self.judge("history")
        self.find(f"a[href='/results/{answer['id']}']").click()
        self.until(lambda: self.find("[data-part=json]"), "one result of the past")
        self.until(lambda: self.find("#seen-picture").get_property("naturalWidth") > 0, "its picture, while it is in memory")
        self.judge("result")

    def keyboard(self):
        """Every control can be reached with Tab alone, and shows that it has the focus."""
        self.desk()
        self.find("#files").send_keys(str(self.pictures[0]))
        self.until(lambda: self.all("[data-part=json]"), "an answer to walk over")
        self.find("body").click()
        wanted = set(self.driver.execute_script(
            "let n = 0; return [...document.querySelectorAll('a[href], button, input, select, textarea, [tabindex=\"0\"]')]"
            ".filter((e) => e.checkVisibility() && !e.disabled && e.type !== 'hidden' && !(e.type === 'radio' && e.value !== 'agree'))"
            ".map((e) => e.dataset.walk = String(n++))"))
        self.driver.execute_script("document.activeElement.blur(); getSelection().removeAllRanges()")
        seen, last = set(), None
        for _ in range(3 * len(wanted) + 10):
            self.driver.switch_to.active_element.send_keys(Keys.TAB)
            place, outline = self.driver.execute_script(
                "const e = document.activeElement, s = getComputedStyle(e);"
                "return [e.dataset.walk, s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0 || s.boxShadow !== 'none']")
            if place is None:
                continue
            self.expect(last is None or int(place) == (last + 1) % len(wanted), f"the focus goes in the order of the page: {place} after {last}")
            last = int(place)
            if place not in seen and not outline:
                self.expect(False, "no mark of the focus on " + self.find(f"[data-walk='{place}']").get_attribute("outerHTML")[:120])
            seen.add(place)
            if seen >= wanted:
                break
        for place in wanted - seen:
            self.expect(False, "Tab does not reach " + self.find(f"[data-walk='{place}']").get_attribute("outerHTML")[:120])

    # With keys alone

    def press(self, *keys):
        self.driver.switch_to.active_element.send_keys(*keys)

    def tab_to(self, selector):
        """Presses Tab until the focus is on an element."""
        for _ in range(80):
            if self.driver.execute_script("return document.activeElement.matches(arguments[0])", selector):
                return
            self.press(Keys.TAB)
        self.expect(False, "Tab does not come to " + selector)

    def by_keys(self):
        """The whole way without a pointer: from the sign-in to the sign-out."""
        self.sign_out()
        self.until(lambda: self.driver.switch_to.active_element.get_attribute("id") == "token", "the token's field")
        self.press(self.token, Keys.ENTER)
        self.until(lambda: self.find("#choose"), "signed in")
        self.press(Keys.TAB)
        self.expect(self.driver.switch_to.active_element.get_attribute("class") == "skip", "first of all one can skip the bar")
        self.press(Keys.ENTER)
        self.tab_to("#choose")
        self.driver.execute_script("document.getElementById('files').addEventListener('click', () => window.asked = true)")
        self.press(Keys.ENTER)
        self.expect(self.driver.execute_script("return window.asked"), "Enter asks for files")
        self.find("#files").send_keys("\n".join(str(one) for one in self.pictures[:2]))
        self.until(
            lambda: self.all("[data-part=json]") and not self.all("#list .chip.waiting"), "answers")
        said = self.find("#announcement").get_attribute("textContent")
        self.expect(self.pictures[0].name in said or self.pictures[1].name in said, "a screen reader is told the answer")
        self.tab_to(".pick")
        self.press(Keys.HOME)
        for key, place in [(Keys.ARROW_DOWN, 1), (Keys.ARROW_UP, 0), (Keys.END, 1)]:
            self.press(key)
            self.expect(self.place() == place, f"arrows go through the list: {self.place()}, not {place}")
            self.expect(self.driver.execute_script("return document.activeElement.ariaCurrent") == "true", "the focus goes along")
        self.press(Keys.TAB)
        self.expect(
            not self.driver.execute_script("return document.activeElement.matches('.pick')"), "one Tab leaves the list")
        self.tab_to("#canvas")
        self.press(Keys.PAGE_UP)
        self.until(lambda: self.place() == 0, "Page Up shows the picture before")
        said = self.find("#announcement").get_attribute("textContent")
        self.expect(self.pictures[0].name in said, "a screen reader is told which")
        self.press(Keys.PAGE_DOWN)
        self.until(lambda: self.place() == 1 and self.find("#where").text.startswith("220"), "Page Down the next one")
        plain = self.canvas()
        for keys, what in [("+", "zoom"), (Keys.ARROW_LEFT, "pan"), ("[[[[[[[[", "window")]:
            before = self.canvas()
            self.press(*keys)
            self.expect(self.canvas() != before, f"keys {what}")
        self.press("0")
        self.expect(self.canvas() == plain, "0 brings the picture back")
        for slider, key in [("window", Keys.ARROW_LEFT), ("level", Keys.ARROW_RIGHT), ("evidence", Keys.PAGE_UP)]:
            self.tab_to("#" + slider)
            before = self.find(f"#{slider}-value").text
            self.press(key, key)
            self.until(lambda: self.find(f"#{slider}-value").text != before, f"keys move {slider}")
        self.until(lambda: "evidence" in self.find("#evidence-note").text, "the evidence")
        self.tab_to("#zoom-in")
        self.press(Keys.SPACE)
        self.until(lambda: self.find("#where").text.endswith("125 %"), "a button zooms")
        self.tab_to("#answer summary")
        self.press(Keys.ENTER)
        self.tab_to("[data-part=copy]")
        self.press(Keys.ENTER)
        self.until(lambda: self.find("[data-part=copy]").text == "Copied", "the JSON is copied")
        copied = self.driver.execute_async_script("navigator.clipboard.readText().then(arguments[0])")
        self.expect(copied == self.find("[data-part=json]").get_attribute("textContent"), "the clipboard has it")
        self.tab_to("input[name=verdict]")
        self.press(Keys.SPACE)
        self.tab_to("#note")
        self.press("by keys alone")
        self.tab_to("[data-part=feedback] button")
        self.press(Keys.ENTER)
        self.until(lambda: self.find("[data-part=sent]").text, "feedback is kept")
        self.tab_to("a[href='/history']")
        self.press(Keys.ENTER)
        self.until(lambda: self.all("#rows tr"), "the history")
        self.tab_to("#search")
        self.press("keys alone")
        self.until(lambda: len(self.all("#rows tr")) == 1, "the note is found")
        self.tab_to("#rows a")
        self.press(Keys.ENTER)
        self.until(lambda: self.all("[data-part=json]"), "one result")
        self.tab_to("button[lang=es]")
        self.press(Keys.ENTER)
        self.until(lambda: self.find("html").get_attribute("lang") == "es", "Spanish")
        self.expect("/results/" in self.driver.current_url, "the page stays the same")
        self.tab_to("button[lang=en]")
        self.press(Keys.ENTER)
        self.until(lambda: self.find("html").get_attribute("lang") == "en", "English")
        self.tab_to("form[action='/sign-out'] button")
        self.press(Keys.ENTER)
        self.until(lambda: "/sign-in" in self.driver.current_url, "signed out")
        self.find("#token").send_keys(self.token, Keys.ENTER)
        self.until(lambda: self.find("#choose"), "signed in again")

    def every_look(self, answer):
        """Each page once more: desk and phone, light and dark, Spanish and English."""
        for language in ["es", "en"]:
            self.size(1280, 900)
            self.language(language)
            for width, height, device in [(1280, 900, "desk"), (390, 844, "phone")]:
                self.size(width, height, phone=device == "phone")
                for scheme in ["light", "dark"]:
                    self.colours(scheme)
                    name = f"{device}-{scheme}-{language}"
                    self.predict_quietly()
                    self.judge(f"predict-{name}")
                    if device == "phone":
                        tops = [one.rect["y"] for one in self.all("#drop, #tray, .viewer-card, .answers")]
                        self.expect(len(tops) == 4 and tops == sorted(tops), f"parts stand in the order in which they are read: {tops}")
                    self.open("/history")
                    self.until(lambda: self.all("#rows tr"), "rows")
                    self.judge(f"history-{name}")
                    self.open("/results/" + answer["id"])
                    self.until(lambda: self.find("[data-part=json]"), "the result")
                    self.judge(f"result-{name}")
                    for page in ["runs", "models", "training"]:
                        self.open("/" + page)
                        self.until(lambda: self.all("#rows tr") or self.find("#nothing").is_displayed(), page)
                        if page == "models":
                            self.find("#card summary").click()
                            self.until(lambda: self.all("#card-text > *"), "the card, or that there is none")
                        self.judge(f"{page}-{name}")
                    self.open("/ladder")
                    self.judge(f"ladder-empty-{name}")
        self.size(1280, 900)
        self.colours("light")

    def predict_quietly(self):
        self.desk()
        self.find("#files").send_keys("\n".join(str(one) for one in self.pictures[:2]))
        self.until(
            lambda: len(self.all("#list .pick")) == 2 and not self.all("#list .chip.waiting") and self.all("[data-part=json]"),
            "answers")
        plain = self.canvas()
        self.slide("evidence", 45)
        self.until(lambda: self.canvas() != plain, "evidence")

    def theme(self):
        self.open("/history")
        before = self.driver.execute_script("return getComputedStyle(document.body).backgroundColor")
        self.find("#theme").click()
        self.open("/history")
        after = self.driver.execute_script("return getComputedStyle(document.body).backgroundColor")
        self.expect(before != after, "the chosen colours stay on the next page")

    def sign_out(self):
        self.find("form[action='/sign-out'] button").click()
        self.until(lambda: "/sign-in" in self.driver.current_url, "signed out")
        self.expect(not self.driver.execute_script("return sessionStorage.length"), "the browser keeps nothing")
        self.open("/")
        self.expect("/sign-in" in self.driver.current_url, "after the sign-out no page is open")

    def go(self):
        self.size(1280, 900)
        self.colours("light")
        self.driver.execute_cdp_cmd(
            "Browser.grantPermissions", dict(origin=self.url, permissions=["clipboardReadWrite", "clipboardSanitizedWrite"]))
        self.sign_in()
        self.predict()
        answer = self.answer()
        self.look()
        self.give_feedback()
        self.judge("predict")
        self.study()
        self.study_in_between()
        self.turned()
        self.broken()
        self.comes_back()
        self.unreachable()
        self.session_ends()
        self.on_paper()
        self.nowhere()
        self.cards()
        self.history(answer)
        self.keyboard()
        self.by_keys()
        self.every_look(answer)
        self.theme()
        self.sign_out()


def arguments(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--url", required=True)
    parser.add_argument("--token", required=True)
    shots = os.environ.get("NEFRO_TEST_SHOTS")
    parser.add_argument(
        "--shots", type=pathlib.Path, default=pathlib.Path(shots) if shots else None,
        help="a folder for screenshots; else $NEFRO_TEST_SHOTS, else none are made")
    return parser


def finish(walk):
    try:
        walk.go()
    finally:
        walk.driver.quit()
    if walk.faults:
        raise SystemExit(f"{len(walk.faults)} faults")
    print("the walk is done")


def main():
    parser = arguments(__doc__.splitlines()[0])
    parser.add_argument("pictures", type=pathlib.Path, nargs="+")
    finish(Walk(parser.parse_args()))


if __name__ == "__main__":
    main()
