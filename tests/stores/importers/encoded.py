"""Small catalogues in many languages, for files in every encoding."""

import csv
import random
from io import StringIO

# language: header, names, descriptions, encodings that shops there still write
CATALOGUES = {
    "zh": (
        "商品编号,商品名称,价格,描述",
        ("青釉马克杯", "棉麻长袖衬衫", "不锈钢保温杯", "儿童雨靴", "竹制砧板", "有机绿茶"),
        ("采用优质陶土烧制，手感温润。", "面料柔软透气，适合春秋季节。", "防滑鞋底，轻便舒适。"),
        ("gb18030", "gbk"),
    ),
    "zh-tw": (
        "商品編號,商品名稱,價格,說明",
        ("青釉馬克杯", "棉麻長袖襯衫", "不鏽鋼保溫杯", "兒童雨靴", "竹製砧板", "有機綠茶"),
        ("採用優質陶土燒製，手感溫潤。", "面料柔軟透氣，適合春秋季節。", "防滑鞋底，輕便舒適。"),
        ("big5",),
    ),
    "ja": (
        "商品番号,商品名,価格,説明",
        ("陶器マグカップ", "リネンシャツ", "ステンレスボトル", "竹まな板", "手織りラグ"),
        ("電子レンジで使えます。", "やわらかく通気性のよい生地です。", "保温は十二時間です。"),
        ("cp932", "euc-jp"),
    ),
    "ko": (
        "상품번호,상품명,가격,설명",
        ("도자기 머그컵", "린넨 셔츠", "스테인리스 보온병", "어린이 장화", "대나무 도마"),
        ("전자레인지에 사용할 수 있습니다.", "부드럽고 통기성이 좋은 원단입니다."),
        ("cp949",),
    ),
    "ru": (
        "Артикул,Название,Цена,Описание",
        ("Кружка керамическая", "Льняная рубашка", "Термос стальной", "Детские сапоги"),
        ("Можно использовать в микроволновой печи.", "Сохраняет тепло двенадцать часов."),
        ("cp1251", "koi8-r"),
    ),
    "el": (
        "Κωδικός,Όνομα,Τιμή,Περιγραφή",
        ("Κεραμική κούπα", "Λινό πουκάμισο", "Θερμός από ατσάλι", "Παιδικές μπότες"),
        ("Κατάλληλο για φούρνο μικροκυμάτων.", "Κρατά τη θερμότητα δώδεκα ώρες."),
        ("cp1253",),
    ),
    "tr": (
        "Kod,Ürün adı,Fiyat,Açıklama",
        ("Seramik kupa bardağı", "Keten gömlek", "Çocuk yağmur çizmesi", "Ahşap doğrama tahtası"),
        ("Mikrodalga fırında kullanılabilir, ışıltılı yüzey.", "Sıcaklığı on iki saat korur."),
        ("cp1254",),
    ),
    "pl": (
        "Kod,Nazwa,Cena,Opis",
        ("Kubek ceramiczny żółty", "Koszula lniana męska", "Kalosze dziecięce"),
        ("Można używać w kuchence mikrofalowej, ręcznie zdobiony.", "Tkanina świetnie oddycha."),
        ("cp1250", "iso-8859-2"),
    ),
    "de": (
        "Artikelnummer,Bezeichnung,Preis,Beschreibung",
        ("Becher aus Steingut, grün", "Leinenhemd für Männer", "Küchenbrett"),
        ("Für die Mikrowelle geeignet, spülmaschinenfest.", "Größer als üblich – schön weich."),
        ("cp1252",),
    ),
    "fr": (
        "Référence,Désignation,Prix,Description",
        ("Tasse en grès émaillé", "Chemise en lin", "Bottes de pluie pour enfants"),
        ("Adapté au micro-ondes, émail mat.", "L’eau reste chaude douze heures."),
        ("cp1252",),
    ),
    "he": (
        "קוד,שם,מחיר,תיאור",
        ("ספל קרמיקה", "חולצת פשתן", "תרמוס נירוסטה", "מגפי ילדים"),
        ("מתאים למיקרוגל ולמדיח כלים.", "שומר על חום במשך שתים עשרה שעות."),
        ("cp1255",),
    ),
    "ar": (
        "الرمز,الاسم,السعر,الوصف",
        ("كوب من السيراميك", "قميص كتان", "ترمس من الفولاذ", "حذاء مطر للأطفال"),
        ("مناسب للميكروويف وغسالة الصحون.", "يحافظ على الحرارة اثنتي عشرة ساعة."),
        ("cp1256",),
    ),
}
UNICODE = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be")
# A word or two in a file that is English otherwise.
WORDS = {
    "en": ("Café", "90° wash", "£5 off", "it’s", "12×8 cm", "Best™", "½ inch", "5 €", "“soft”"),
    "de": ("Größe", "für", "Küche", "weiß", "grün", "Stück", "Maß", "schön"),
    "fr": ("élan", "très", "garçon", "être", "où", "l’eau", "à", "déjà"),
    "pl": ("żółty", "mały", "łódź", "ręka", "ćma", "świat", "koń"),
    "tr": ("kırmızı", "ışık", "çanta", "ağaç", "büyük"),
    "ru": ("чай", "мёд", "кружка", "лён", "тёплый"),
    "zh": ("价", "杯", "陶瓷杯", "台湾", "联通", "茶", "衬衫", "红色"),
    "zh-tw": ("杯", "茶", "陶瓷", "襯衫", "紅色", "臺灣"),
    "ja": ("杯", "マグ", "シャツ", "赤", "陶器"),
    "ko": ("컵", "셔츠", "빨강", "찻잔"),
}


def catalogue(language, n_products, seed=1):
    """A CSV, the same for the same seed."""
    header, names, texts, _ = CATALOGUES[language]
    chance = random.Random(f"{language}{n_products}{seed}")
    text = StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(header.split(","))
    for n in range(n_products):
        price = f"{chance.randint(100, 9999) / 100:.2f}"
        rows.writerow([f"P-{n + 100}", chance.choice(names), price, chance.choice(texts)])
    return text.getvalue()


def english_with_words(language, n_words, seed=1):
    """A CSV of twelve products with a few words of another language."""
    chance = random.Random(f"{language}{n_words}{seed}")
    titles = [f"Stoneware mug {n}" for n in range(12)]
    for n in range(n_words):
        titles[n] += " " + chance.choice(WORDS[language])
    rows = [f"p-{n},{title},{n + 1}.00,A mug of stoneware." for n, title in enumerate(titles)]
    return "\n".join(["Handle,Title,Price,Description", *rows, ""])


def old_encoding(language):
    """The encoding that files of the language come in where they are not in UTF-8."""
    return CATALOGUES.get(language, ("", (), (), ("cp1252",)))[3][0]
