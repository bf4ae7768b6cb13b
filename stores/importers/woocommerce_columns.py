"""The columns of WooCommerce's product CSV, which writes its headers in the language of the shop."""

import re
from dataclasses import dataclass

from stores.importers.column_names import plain_name, unit_of

HANDLE = "Meta: _copydesk_handle"


@dataclass(frozen=True, slots=True)
class Column:
    """name: the English header without its unit. unit: of measures. n, part: of an attribute.

    field: of ParsedProduct, or with `sku.` of ParsedSku; "" where we only keep the cell.
    """

    name: str
    field: str = ""
    unit: str = ""
    n: int = 0
    part: str = ""


FIELDS = {
    HANDLE: "handle",
    "SKU": "sku.code",
    "GTIN, UPC, EAN, or ISBN": "sku.barcode",
    "Name": "title",
    "Published": "status",
    "Description": "description",
    "Regular price": "sku.price_minor",
    "Sale price": "sku.compare_at_price_minor",
    "Categories": "category",
    "Tags": "tags",
    "Brands": "vendor",
    "Images": "images",
    "Weight": "sku.weight_grams",
    "Length": "attributes",
    "Width": "attributes",
    "Height": "attributes",
}
# English, German, French, Spanish and Chinese, as found in exports and in code that reads them.
TITLES: dict[str, str] = {
    "ID": "ID",
    "Type": "Type|Typ|Tipo|类型",
    "SKU": "SKU|Artikelnummer|UGS|Référence",
    "GTIN, UPC, EAN, or ISBN": (
        "GTIN, UPC, EAN, or ISBN|GTIN, UPC, EAN oder ISBN|GTIN, UPC, EAN ou ISBN"
        "|GTIN, UPC, EAN o ISBN"
    ),
    "Name": "Name|Nom|Nombre|名称",
    "Published": "Published|Veröffentlicht|Publié|Publicado|已发布",
    "Is featured?": (
        "Is featured?|Ist hervorgehoben?|Hervorgehoben?|Mis en avant ?|¿Está destacado?|是推荐产品？"
    ),
    "Visibility in catalog": (
        "Visibility in catalog|Sichtbarkeit im Katalog|Katalogsichtbarkeit"
        "|Visibilité dans le catalogue|Visibilidad en el catálogo|在列表页可见"
    ),
    "Short description": (
        "Short description|Kurzbeschreibung|Description courte|Descripción corta|简短描述|简单描述"
    ),
    "Description": "Description|Beschreibung|Descripción|描述",
    "Date sale price starts": (
        "Date sale price starts|Datum, an dem Angebotspreis beginnt"
        "|Datum, an dem der Angebotspreis beginnt|Date de début de promo"
        "|Día en que empieza el precio rebajado|促销开始日期"
    ),
    "Date sale price ends": (
        "Date sale price ends|Datum, an dem Angebotspreis endet"
        "|Datum, an dem der Angebotspreis endet|Date de fin de promo"
        "|Día en que termina el precio rebajado|促销截止日期"
    ),
    "Tax status": "Tax status|Steuerstatus|État de la TVA|Estado del impuesto|税状态",
    "Tax class": "Tax class|Steuerklasse|Classe de TVA|Classe TVA|Clase de impuesto|税类",
    "In stock?": (
        "In stock?|Vorrätig?|Auf Lager?|En stock ?|En inventaire?|¿En inventario?|¿Existencias?"
        "|有货？"
    ),
    "Stock": "Stock|Lager|Bestand|Lagerbestand|Inventaire|Inventario|库存",
    "Low stock amount": (
        "Low stock amount|Geringe Lagermenge|Montant de stock faible|Cantidad de bajo inventario"
        "|库存不足"
    ),
    "Backorders allowed?": (
        "Backorders allowed?|Lieferrückstände erlaubt?|Rückstände erlaubt?"
        "|Autoriser les commandes de produits en rupture ?"
        "|¿Permitir reservas de productos agotados?|允许缺货下单？"
    ),
    "Sold individually?": (
        "Sold individually?|Nur einzeln verkaufen?|Vendre individuellement ?"
        "|¿Vendido individualmente?|单独出售？"
    ),
    "Weight": "Weight|Gewicht|Poids|Peso|重量",
    "Length": "Length|Länge|Longueur|Longitud|长度",
    "Width": "Width|Breite|Largeur|Anchura|Ancho|宽度",
    "Height": "Height|Höhe|Hauteur|Altura|高度",
    "Allow customer reviews?": (
        "Allow customer reviews?|Kundenrezensionen erlauben?|Kundenbewertungen erlauben?"
        "|Autoriser les avis clients ?|¿Permitir valoraciones de clientes?|允许客户评价？"
    ),
    "Purchase note": (
        "Purchase note|Hinweis zum Kauf|Note de commande|Note de l'achat|Nota de compra|购物备注"
    ),
    "Sale price": (
        "Sale price|Angebotspreis|Tarif promo|Prix promo|Prix de vente|Precio rebajado|促销价格"
    ),
    "Regular price": (
        "Regular price|Regulärer Preis|Tarif régulier|Prix de base|Precio normal|常规售价"
    ),
    "Categories": "Categories|Kategorien|Catégories|Categorías|分类",
    "Tags": "Tags|Schlagwörter|Étiquettes|Etiquetas|标签",
    "Shipping class": (
        "Shipping class|Versandklasse|Classe d’expédition|Classe de livraison|Clase de envío|运费类"
    ),
    "Images": "Images|Bilder|Imágenes|图片",
    "Parent": "Parent|Übergeordnetes Produkt|Superior|父级",
    "Grouped products": (
        "Grouped products|Gruppierte Produkte|Groupes de produits|Produits groupés"
        "|Productos agrupados|分组产品"
    ),
    "Upsells": "Upsells|Zusatzverkäufe|Produits suggérés|Ventas dirigidas|交叉销售",
    "Cross-sells": "Cross-sells|Cross-Sells (Querverkäufe)|Ventes croisées|Ventas cruzadas",
    "External URL": "External URL|Externe URL|URL externe|URL externa|外部链接",
    "Button text": "Button text|Button-Text|Libellé du bouton|Texto del botón|按钮文本",
    "Position": "Position|Posición|位置",
    "Brands": "Brands|Brand|Marken|Marke|Marques|Marcas|Marca|品牌",
    HANDLE: HANDLE,
}
# Parts of attribute columns, as `plain_name` gives them, without spaces.
_ATTRIBUTES = {
    "name": r"attribute?{n}name|nomdelattribut{n}|nombredelatributo{n}|属性{n}名称",
    "value": (
        r"attribute{n}values?|attribut{n}werte?|valeurs?delattribut{n}|valor(?:es)?delatributo{n}"
        r"|属性{n}值"
    ),
    "visible": r"attribute{n}visible|attribut{n}(?:sichtbar|visible)|atributo(?:visible{n}|{n}visible)"
    r"|属性{n}可见",
    "global": r"attribute?{n}global|atributo(?:global{n}|{n}global)|属性{n}的?全局",
    "default": (
        r"attribute{n}default|attribut{n}(?:standard|pardefaut)"
        r"|atributo(?:pordefecto{n}|{n}pordefecto)|属性{n}默认"
    ),
}
_ATTRIBUTE = re.compile(
    "|".join(
        f"(?P<{part}>" + pattern.replace("{n}", r"\d{1,3}") + ")"
        for part, pattern in _ATTRIBUTES.items()
    )
)
_BY_NAME = {
    plain_name(title): name for name, titles in TITLES.items() for title in titles.split("|")
}
MEASURES = ("Length", "Width", "Height")


def column_of(header: str) -> Column:
    """The column that a header names; one that we do not know keeps its own name."""
    if header.strip() == HANDLE:
        return Column(HANDLE, "handle")
    plain = plain_name(header)
    name = _BY_NAME.get(plain, "")
    if name:
        unit = unit_of(header) if name in ("Weight", *MEASURES) else ""
        return Column(name, FIELDS.get(name, ""), unit)
    found = _ATTRIBUTE.fullmatch(plain.replace(" ", "")) if "{" not in plain else None
    part = (found.lastgroup or "") if found else ""
    if not part:
        return Column(header)
    n = int(re.sub(r"\D", "", plain))
    field = {"name": "sku.options", "value": "attributes"}.get(part, "")
    return Column(attribute_column(n, part), field, n=n, part=part)


def attribute_column(n: int, part: str) -> str:
    """The English header of a part of the nth attribute."""
    return f"Attribute {n} {'value(s)' if part == 'value' else part}"
