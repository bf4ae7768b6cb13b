"""What a column of an unknown table can be, and the names by which shops call it."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Field:
    """A meaning that a column can be given. is_repeatable: several columns may have it."""

    name: str
    label: str | Promise
    is_repeatable: bool = False


FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        Field("handle", _("Handle")),
        Field("group", _("Rows of one product have the same")),
        Field("title", _("Title")),
        Field("description", _("Description")),
        Field("vendor", _("Vendor")),
        Field("product_type", _("Product type")),
        Field("category", _("Category")),
        Field("tags", _("Tags"), is_repeatable=True),
        Field("status", _("Status")),
        Field("sku", _("SKU")),
        Field("barcode", _("Barcode (EAN, UPC, GTIN)")),
        Field("price", _("Price")),
        Field("sale_price", _("Reduced price")),
        Field("compare_at_price", _("Price before")),
        Field("currency", _("Currency")),
        Field("weight", _("Weight in grams, or with its unit")),
        Field("weight_kg", _("Weight in kilograms")),
        Field("weight_lb", _("Weight in pounds")),
        Field("weight_unit", _("Unit of weight")),
        Field("image", _("Images"), is_repeatable=True),
        Field("image_alt", _("Text of the first image")),
        Field("option", _("Option, named as the column"), is_repeatable=True),
        Field("option_name", _("Names of options"), is_repeatable=True),
        Field("option_value", _("Values of options"), is_repeatable=True),
        Field("attribute", _("Attribute, named as the column"), is_repeatable=True),
        Field("cell", _("Keep for the export only"), is_repeatable=True),
        Field("ignore", _("Leave out"), is_repeatable=True),
    )
}

# English, German, French, Spanish and Chinese; the columns of PrestaShop, Magento, Spree, Saleor,
# Vendure, Skroutz and litemall among them. As `plain_name` gives them.
NAMES: dict[str, str] = {
    "handle": "handle|slug|url key|url handle|url rewritten|permalink|seo url|product slug",
    "group": (
        "item group id|parent sku|parent id|parent|parent code|group id|product group|spu|spu id"
        "|spu code|master sku|configurable sku|gruppe|artikelgruppe|vaterartikel|groupe"
        "|reference parent|sku padre|grupo|父sku|父级|商品组|spu编码|spu id"
    ),
    "title": (
        "title|name|product name|product title|item name|product|titel|bezeichnung|artikelname"
        "|produktname|artikelbezeichnung|produkttitel|nom|nom du produit|titre|libelle|designation"
        "|intitule|nombre|nombre del producto|titulo|名称|商品名称|产品名称|商品名|标题|商品标题|品名"
        "|产品名|宝贝标题|宝贝名称|货品名称"
    ),
    "description": (
        "description|long description|full description|product description|description html"
        "|body html|body|content|detail|details|text|beschreibung|langbeschreibung"
        "|produktbeschreibung|artikelbeschreibung|langtext|description longue"
        "|description du produit|descriptif|descripcion|descripcion larga"
        "|descripcion del producto|描述|商品描述|产品描述|详情|商品详情|产品详情|详细描述|商品介绍|宝贝描述"
    ),
    "vendor": (
        "vendor|brand|brand name|manufacturer|manufacturer name|marke|hersteller|marque|fabricant"
        "|marca|fabricante|品牌|商品品牌|厂商|制造商|生产厂家|品牌名称"
    ),
    "product_type": (
        "product type|type|attribute set|produkttyp|typ|produktart|warengruppe|type de produit"
        "|tipo|tipo de producto|类型|商品类型|产品类型"
    ),
    "category": (
        "category|categories|category 1|product category|category path|category name|taxon|taxons"
        "|department|kategorie|kategorien|hauptkategorie|categorie|rubrique|famille|categoria"
        "|分类|类目|商品分类|产品分类|品类|商品类目|类别|所属分类"
    ),
    "tags": (
        "tags|tag|facets|keywords|schlagworter|schlagworte|stichworte|mots cles|etiquettes"
        "|etiquetas|标签|商品标签|关键字|关键词"
    ),
    "status": (
        "status|active|published|enabled|is active|is enabled|is published|online|product online"
        "|is on sale|aktiv|veroffentlicht|actif|statut|publie|estado|activo|publicado"
        "|状态|商品状态|上架|是否上架|已发布|上架状态"
    ),
    "sku": (
        "sku|variant sku|sku code|product code|item code|code|item number|item no|article number"
        "|article no|reference|product reference|ref|mpn|model|unique id|uniqueid|goods sn"
        "|artikelnummer|artikel nr|art nr|artikelnr|bestellnummer|reference produit|ugs"
        "|code article|referencia|codigo|货号|商品编码|商品编号|商家编码|产品编号|产品编码|sku编码|商品货号"
    ),
    "barcode": (
        "barcode|bar code|ean|ean13|ean 13|ean code|gtin|gtin 13|gtin 14|upc|isbn|jan|strichcode"
        "|ean nummer|code barres|code barre|gencod|codigo de barras|条码|条形码|商品条码|国际条码"
        "|gtin upc ean or isbn"
    ),
    "price": (
        "price|unit price|retail price|selling price|price with vat|gross price|price incl tax"
        "|price tax excluded or price tax included|price tax included|preis|verkaufspreis|vk|vk brutto"
        "|bruttopreis|prix|prix ttc|prix de vente|prix unitaire|precio|precio de venta|pvp"
        "|价格|售价|零售价|单价|现价|销售价|商品价格|一口价"
    ),
    "sale_price": (
        "sale price|special price|offer price|discounted price|promo price|angebotspreis"
        "|aktionspreis|sonderpreis|prix promo|prix promotionnel|prix solde|tarif promo"
        "|precio rebajado|precio oferta|precio de oferta|促销价|促销价格|折扣价|活动价|优惠价"
    ),
    "compare_at_price": (
        "compare at price|compare price|list price|regular price|original price|old price|msrp|rrp"
        "|was price|counter price|uvp|streichpreis|alter preis|statt preis|prix barre|ancien prix"
        "|prix public|prix conseille|precio anterior|precio normal|precio original"
        "|原价|市场价|划线价|专柜价格|吊牌价|常规售价"
    ),
    "currency": "currency|currency code|wahrung|devise|monnaie|moneda|divisa|货币|币种",
    "weight": (
        "weight|product weight|shipping weight|item weight|weight value|variant grams|gewicht"
        "|versandgewicht|poids|peso|重量|毛重|净重|商品重量|产品重量"
    ),
    "weight_unit": "weight unit|gewichtseinheit|unite de poids|unidad de peso|重量单位",
    "image": (
        "image|images|image url|image urls|image link|image src|main image|additional image"
        "|additional image link|additionalimage|product image|product images|picture|pictures"
        "|picture url|photo|photos|thumbnail|gallery|assets|variant assets|pic url|list pic url"
        "|bild|bilder|bild url|bildlink|produktbild|url image|image principale|imagen|imagenes"
        "|foto|fotos|图片|主图|图片链接|商品图片|产品图片|图片地址|商品主图|轮播图|缩略图"
    ),
    "image_alt": (
        "image alt|image alt text|alt text|image alternative text|bildbeschreibung|texte alternatif"
        "|texto alternativo|图片描述|图片说明"
    ),
    "option_name": "option name|option names|option groups|option group|option type",
    "option_value": "option value|option values",
    "cell": (
        "id|product id|item id|position|sort|sort order|quantity|qty|stock|stock on hand|inventory"
        "|inventory count|stock quantity|track inventory|inventory backorderable|tax category"
        "|tax class|tax rules id|tax rate|vat|link|url|product url|meta title|meta description"
        "|meta keywords|created at|updated at|visibility|availability|minimal quantity"
        "|wholesale price|cost|cost price|menge|bestand|lagerbestand|steuersatz|mwst|quantite"
        "|en stock|cantidad|existencias|库存|库存数量|排序|税率|链接|添加时间|更新时间|数量"
        "|add time|update time|ecotax|supplier reference|warehouse|unity"
        "|text when in stock|text when backorder allowed|dimensions unit|available for order"
        "|show price|delete existing images|minimum order quantity|availability status"
        "|discount percentage|rating|shipping information|return policy|reviews"
    ),
}
WEIGHTS = {"weight": "g", "weight_kg": "kg", "weight_lb": "lb"}
# Weaker names: taken where no column has a better one.
WEAK_NAMES: dict[str, str] = {
    "description": (
        "short description|summary|brief|kurzbeschreibung|kurztext|description courte|resume"
        "|descripcion corta|简介|简短描述|商品简介|产品简介|卖点"
    ),
    "sku": "id|product id|item id|variation id|variationid|manufacturersku|商品id|产品id|编号",
    "vendor": "supplier|lieferant|fournisseur|proveedor|供应商",
    "category": "gear|collection|collections|sortiment|kategorie 1|category gear|一级分类",
}
# Facts that tell the SKUs of one product apart, where a product has several rows.
OPTION_NAMES = frozenset(
    ["color", "colour", "size", "material", "pattern", "style", "flavour", "flavor", "scent"]
    + ["capacity", "farbe", "grosse", "groesse", "couleur", "taille", "matiere", "talla", "tamano"]
    + ["颜色", "尺码", "尺寸", "规格", "款式", "口味", "容量", "型号", "颜色分类"]
)


STATUSES = {
    **dict.fromkeys(
        ["1", "active", "aktiv", "actif", "activo", "enabled", "yes", "true", "published"]
        + ["publish", "visible", "online", "on", "available", "ja", "oui", "si", "sí", "是"]
        + ["上架", "已上架", "已发布", "启用", "publié", "veröffentlicht", "publicado"],
        "active",
    ),
    **dict.fromkeys(
        ["0", "-1", "2", "draft", "entwurf", "brouillon", "borrador", "disabled", "inactive", "no"]
        + ["false", "hidden", "offline", "off", "unpublished", "inaktiv", "inactif", "inactivo"]
        + ["nein", "non", "否", "下架", "已下架", "草稿", "停用", "未发布"],
        "draft",
    ),
    **dict.fromkeys(["archived", "archive", "deleted", "discontinued", "archiviert"], "archived"),
}


def _turned(names: dict[str, str]) -> dict[str, str]:
    return {name: field for field, listed in names.items() for name in listed.split("|")}


FIELD_OF_NAME = _turned(NAMES)
FIELD_OF_WEAK_NAME = _turned(WEAK_NAMES)
