def means(sales):
    print(sales.groupby("city").price.agg(["mean", "count"]))
