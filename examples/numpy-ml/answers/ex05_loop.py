import pandas as pd


def means(sales):
    rows = []
    for city in sorted(sales["city"].unique()):
        prices = sales.loc[sales.city == city, "price"].dropna()
        rows.append({"city": city, "price": prices.mean(), "sales": len(prices)})
    return pd.DataFrame(rows)
